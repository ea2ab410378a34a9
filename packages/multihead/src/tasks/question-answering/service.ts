/** @file How question answering answers requests over HTTP. */
import { z } from 'zod';
import { defineService } from '../pipeline-service.js';
import type { QuestionAnsweringPipeline } from './pipeline.js';

const answer = z.object({
  answer: z.string(),
  score: z.number(),
  start: z.int().describe('where the answer begins in the context, in UTF-16 units'),
  end: z.int(),
  startLogit: z.number(),
  endLogit: z.number(),
});

/** Requests take a question and a context, and get the best answers. */
export const answerService = defineService({
  summary: 'Answers to questions, found in a context',
  input: z.object({ question: z.string(), context: z.string().describe('the text to find the answer in') }),
  parameters: z.object({
    topK: z.int().min(1).default(1).describe('number of answers, best first'),
    handleImpossibleAnswer: z
      .boolean()
      .optional()
      .describe('whether there may be no answer (default: as the model was trained)'),
    maxAnswerLength: z.int().min(1).optional().describe('the longest answer, in tokens'),
    docStride: z.int().min(1).optional().describe('tokens by which the windows of a long context overlap'),
  }),
  output: z.array(answer),
  example: { question: 'Where is the shop?', context: 'Our shop is in Harbour Street.' },
  texts: ({ question, context }) => [question, context],
  answer: (ask: QuestionAnsweringPipeline, inputs, parameters) => ask(inputs, parameters),
});
