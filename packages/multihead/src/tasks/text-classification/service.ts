/** @file How text classification answers requests over HTTP. */
import { z } from 'zod';
import { defineService } from '../pipeline-service.js';
import type { TextClassificationPipeline, TextPair } from './pipeline.js';

const input = z.union([
  z.string().describe('a text'),
  z.object({ text: z.string(), textPair: z.string().optional().describe('the second text of a pair') }),
]);

/** Requests take a text or a pair, and get the labels with the highest scores. */
export const classificationService = defineService({
  summary: 'Labels of texts, or of pairs of texts, with their scores',
  input,
  parameters: z.object({
    topK: z
      .int()
      .min(1)
      .nullable()
      .optional()
      .describe('number of labels, highest scores first; null for all (default: 1)'),
  }),
  output: z.array(
    z.object({
      label: z.string(),
      score: z.number(),
      applies: z.boolean().optional().describe('of several labels a text: whether this one applies'),
    }),
  ),
  example: 'Where is my parcel?',
  texts: (input) => (typeof input === 'string' ? [input] : [input.text, input.textPair ?? '']),
  answer: (classify: TextClassificationPipeline, inputs, { topK }) =>
    classify(inputs.map(asPipelineInput), topK === undefined ? {} : { topK }),
});

/** An input without a second text that is undefined. */
function asPipelineInput(given: z.output<typeof input>): string | TextPair {
  if (typeof given === 'string') return given;
  const { text, textPair } = given;
  return textPair === undefined ? text : { text, textPair };
}
