/** @file OpenAI's options of sampling, and what they are called in the library. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { ServeError } from '../../errors/serve-error.js';

/** Fields that completions and chats have in common. Those that OpenAI does not have are optional additions. */
export const samplingFields = {
  temperature: z
    .number()
    .min(0)
    .max(2)
    .nullish()
    .describe("0: the most likely token each time; left out, as the model's files say, which is the same for most"),
  top_p: z.number().min(0).max(1).nullish().describe('sample among the most likely tokens of this total probability'),
  top_k: z.int().min(-1).nullish().describe('sample among as many of the most likely tokens; 0 or -1: among all'),
  min_p: z.number().min(0).max(1).nullish().describe('sample among tokens of this probability relative to the best'),
  repetition_penalty: z.number().gt(0).nullish(),
  n: z.int().min(1).max(128).nullish().describe('number of texts for each prompt'),
  seed: z.int().nullish().describe('the same seed gives the same text, whatever other requests there are'),
  stop: z
    .union([z.string().min(1), z.array(z.string().min(1)).max(16)])
    .nullish()
    .describe('strings at which the text ends; they are not part of it'),
  stream: z.boolean().nullish().describe('send the text as it grows, as server-sent events'),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  user: z.string().nullish(),
};

const sampling = z.object(samplingFields);

/** What a request says about sampling. */
export type Sampling = z.output<typeof sampling>;

/**
 * The library's options for a request.
 *
 * @throws ServeError for what is not supported and would change the text
 */
export function generationOptions(given: Sampling, maxNewTokens: number | undefined): Record<string, unknown> {
  refuse('presence_penalty', given.presence_penalty, 0);
  refuse('frequency_penalty', given.frequency_penalty, 0);
  if (Object.keys(given.logit_bias ?? {}).length > 0) refuse('logit_bias', given.logit_bias, {});
  const { temperature, top_p: topP, top_k: topK, min_p: minP, n, seed, stop } = given;
  const narrows = [topP, topK, minP].some((value) => value != null);
  if (temperature === 0 && (n ?? 1) > 1) {
    throw new ServeError('n is above 1, and temperature is 0: all texts would be the same. Leave one of them out.', {
      status: 400,
      code: 'invalid_value',
      param: 'n',
    });
  }
  const isSampled = temperature === 0 ? false : temperature != null || narrows || (n ?? 1) > 1 ? true : undefined;
  return defined({
    maxNewTokens,
    doSample: isSampled,
    // The library does not take options of sampling without sampling, nor a probability of 0.
    ...(isSampled !== false && {
      temperature,
      topP: topP === 0 ? Number.MIN_VALUE : topP,
      topK: topK === -1 ? 0 : topK,
      minP,
    }),
    repetitionPenalty: given.repetition_penalty,
    seed: seed ?? randomInt(2 ** 31),
    stopStrings: stop,
  });
}

/** Refuses a value that would have no effect. */
export function refuse(param: string, value: unknown, neutral: unknown): void {
  if (value == null || value === neutral) return;
  throw new ServeError(`${param} is not supported by this server; leave it out`, {
    status: 400,
    code: 'unsupported_value',
    param,
  });
}

const defined = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
