/** @file How sentence similarity answers requests over HTTP. */
import { z } from 'zod';
import { defineService } from '../pipeline-service.js';
import type { SentenceSimilarityPipeline } from './pipeline.js';

/** Requests take a sentence and others, and get the similarity of each of these with it. */
export const similarityService = defineService({
  summary: 'Similarities of a sentence with others',
  input: z.object({
    sourceSentence: z.string(),
    sentences: z.array(z.string()).min(1).describe('the sentences that are compared with it'),
  }),
  parameters: z.object({}),
  output: z.array(z.number()),
  example: { sourceSentence: 'Where is my parcel?', sentences: ['My order has not come.', 'I forgot my password.'] },
  texts: ({ sourceSentence, sentences }) => [sourceSentence, ...sentences],
  answer: (compare: SentenceSimilarityPipeline, inputs) => compare(inputs),
});
