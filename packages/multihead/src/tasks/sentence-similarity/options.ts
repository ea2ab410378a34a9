/** @file The options of sentence similarity. */
import { z } from 'zod';
import { similarityNames } from '../../metrics/similarity/vector-similarity.js';
import { sentencePoolings } from '../../models/sentences/sentence-poolings.js';
import { UserError } from '../../platform/errors.js';
import { parseNames, parseSettings } from '../parse-settings.js';
import { similarityLosses } from './losses/registry.js';

/** Numbers with commas between. */
function numbers(text: string): number[] {
  const found = parseNames(text).map(Number);
  if (found.some((value) => !(Number.isInteger(value) && value > 0))) {
    throw new UserError('It must be whole numbers with commas between, such as 384,256,128.');
  }
  return found;
}

/** The options, each declared once. */
export const similarityOptions = {
  reading: z.object({
    texts: z
      .array(z.string())
      .optional()
      .describe('columns of the texts, such as anchor,positive,negative (default: found by common names)')
      .meta({ value: 'columns', parse: parseNames }),
    label: z
      .string()
      .optional()
      .describe('column of the score or label; "none" to leave it out (default: found by common names)')
      .meta({ value: 'column' }),
  }),
  training: z.object({
    loss: z
      .string()
      .optional()
      .describe(
        `loss: ${similarityLosses()
          .map(({ name }) => name)
          .join(', ')} (default: by the data: cosent for scores, contrastive for labels 0 and 1, else the first)`,
      )
      .meta({ value: 'name' }),
    lossArgs: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("the loss's own settings, such as scale=20,symmetric=true")
      .meta({ value: 'settings', parse: parseSettings }),
    matryoshka: z
      .array(z.number())
      .optional()
      .describe(
        'train the first dimensions of the vectors, for exactly these numbers of dimensions, so that vectors can be truncated; ' +
          'include the full size: 384,256,128,64',
      )
      .meta({ value: 'dimensions', parse: numbers }),
    miniBatchSize: z
      .int()
      .min(1)
      .optional()
      .describe(
        'texts that go through the model at a time, in two passes with the same gradients: batches may then be larger than ' +
          'memory (default: a whole batch, in one pass)',
      )
      .meta({ value: 'texts' }),
    maxScore: z
      .number()
      .gt(0)
      .optional()
      .describe('score of texts that mean the same, for losses that compare scores with cosines (default: the highest)')
      .meta({ value: 'score' }),
  }),
  settings: z.object({
    pooling: z
      .enum(sentencePoolings)
      .optional()
      .describe("pooling of token vectors to one vector (default: as the model's files say, else mean)")
      .meta({ value: 'how' }),
    normalize: z
      .boolean()
      .optional()
      .describe('make vectors of length 1 (default: as those files say, else not)')
      .meta({ off: 'leave vectors as long as they are' }),
    similarity: z
      .enum(similarityNames)
      .optional()
      .describe('how two vectors are compared; distances are negative (default: as those files say, else cosine)')
      .meta({ value: 'name' }),
    prompt: z.string().optional().describe('text before each text').meta({ value: 'text' }),
    queryPrompt: z
      .string()
      .optional()
      .describe('text before the first text of a pair, such as "query: "')
      .meta({ value: 'text' }),
    documentPrompt: z
      .string()
      .optional()
      .describe('text before the others, such as "passage: "')
      .meta({ value: 'text' }),
  }),
};
