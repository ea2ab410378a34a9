/** @file How text ranking answers requests over HTTP. */
import { z } from 'zod';
import { defineService } from '../pipeline-service.js';
import type { TextRankingPipeline } from './pipeline.js';
import type { RankedDocument } from './ranked.js';

/** Requests take a query and documents, and get the documents' numbers and scores, most relevant first. */
export const rankingService = defineService({
  summary: 'Documents by their relevance to a query',
  serves: ({ labels }) => labels?.length === 1,
  input: z.object({
    query: z.string(),
    documents: z.array(z.string()).min(1).describe('the documents that are ranked'),
  }),
  parameters: z.object({ topK: z.int().min(1).optional().describe('number of documents (default: all)') }),
  output: z.array(z.object({ corpusId: z.int().describe('number of the document, from 0'), score: z.number() })),
  example: { query: 'Where is my parcel?', documents: ['Parcels take two days.', 'We are open from nine to five.'] },
  // Each document is read together with the query.
  texts: ({ query, documents }) => documents.flatMap((document) => [query, document]),
  answer: (rank: TextRankingPipeline, inputs, { topK }) => rank(inputs, { topK }),
  relevance: {
    method: 'cross-encoder',
    inputs: (query, documents) => [{ query, documents: [...documents] }],
    scores: ([output]) => {
      const found = output as readonly RankedDocument[];
      return [...found].sort((a, b) => a.corpusId - b.corpusId).map(({ score }) => score);
    },
  },
});
