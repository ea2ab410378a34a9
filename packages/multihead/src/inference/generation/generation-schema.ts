/** @file The options of text generation, each declared once: Hugging Face's names in camelCase, and its defaults. */
import { z } from 'zod';

const count = (least: number) => z.int().min(least);

/**
 * The schema of {@link GenerationOptions}: types, defaults, limits and descriptions, for forms and configurations of your own. The flags
 * of `multihead generate`, the keys of `generation_config.json` that are read (in snake_case) and docs/generation-options.md follow
 * from it.
 *
 * @example
 * generationSchema.shape.topP.description; // 'sample among the most likely tokens that ...'
 */
export const generationSchema = z.object({
  maxNewTokens: count(1)
    .optional()
    .describe('maximum number of new tokens')
    .meta({ value: 'count', usual: '256, or as many as the model has positions for' }),
  maxLength: count(1)
    .optional()
    .describe('maximum number of tokens of prompt and new text; `maxNewTokens` overrides it')
    .meta({ value: 'count' }),
  minLength: count(0)
    .default(0)
    .describe('minimum number of tokens of prompt and new text; `minNewTokens` overrides it')
    .meta({ value: 'count' }),
  minNewTokens: count(0).default(0).describe('minimum number of new tokens').meta({ value: 'count' }),
  doSample: z.boolean().optional().describe('sample tokens by their probabilities').meta({
    usual: 'with `temperature`, `topK`, `topP` or `minP`',
    off: 'take the most likely token, regardless of the model folder',
  }),
  temperature: z
    .number()
    .gt(0)
    .default(1)
    .describe('sampling temperature, by which scores are divided: lower values favour likely tokens')
    .meta({ value: 'value' }),
  topK: count(0)
    .default(50)
    .describe('number of most likely tokens to sample from')
    .meta({ value: 'count', note: '0: among all' }),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('cumulative probability of the most likely tokens to sample from')
    .meta({ value: 'share', note: '1: among all' }),
  minP: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('minimum probability of tokens to sample from, relative to the most likely one')
    .meta({ value: 'share', note: '0: among all' }),
  repetitionPenalty: z
    .number()
    .gt(0)
    .default(1)
    .describe(
      'above 1, tokens that were there become less likely: their scores are divided by it, or multiplied where negative',
    )
    .meta({ value: 'value' }),
  noRepeatNgramSize: count(0)
    .default(0)
    .describe('length of n-grams that must not repeat')
    .meta({ value: 'count', note: '0: no limit' }),
  numBeams: count(1)
    .max(1000)
    .default(1)
    .describe('number of beams of beam search, each of which needs memory')
    .meta({ value: 'count', note: '1: no beam search' }),
  lengthPenalty: z
    .number()
    .default(1)
    .describe(
      "beam search: a beam's score is its log-probability by its length to this power; above 0 favors long texts",
    )
    .meta({ value: 'value' }),
  earlyStopping: z
    .union([z.boolean(), z.literal('never')])
    .default(false)
    .describe(
      'beam search ends when there are `numBeams` texts (true), when no better one is likely (false) or possible (never)',
    )
    .meta({
      value: 'when',
      usual: 'false',
      expected: 'true, false or "never"',
      parse: (text: string) => (text === 'true' || text === 'false' ? text === 'true' : text),
    }),
  numReturnSequences: count(1)
    .max(10_000)
    .default(1)
    .describe('number of texts per prompt; more than one require sampling or as many beams')
    .meta({ value: 'count' }),
  stopStrings: z
    .union([z.string(), z.array(z.string()).readonly()])
    .optional()
    .describe('strings at which the text ends; they are not part of it')
    .meta({ value: 'text', expected: 'a string or a list of them', several: true, parse: String }),
  eosTokenId: z
    .union([count(0), z.array(count(0)).readonly()])
    .optional()
    .describe('ids of tokens that end the text')
    .meta({
      value: 'number',
      usual: "the model's",
      expected: 'a token number or a list of them',
      several: true,
      parse: Number,
    }),
  seed: z
    .number()
    .default(42)
    .describe('random seed: the same seed gives a prompt the same text, whatever other prompts are in the batch')
    .meta({ value: 'number' }),
  overflow: z
    .enum(['error', 'slide'])
    .default('error')
    .describe(
      'when the model has no positions left: refuse beforehand (error), or continue with the last half in view, which is read anew (slide)',
    )
    .meta({ value: 'what' }),
});
