/** @file The perplexity of a text under a causal language model. */

import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { checkWhole } from '../../tasks/validate-features.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { tokenLogLikelihoods } from './token-log-likelihoods.js';

/** Options of {@link perplexity}. */
export interface PerplexityOptions {
  /** Tokens per window. Default: as many as the model has positions for. */
  readonly maxLength?: number | undefined;
  /**
   * Tokens by which the window advances, up to `maxLength`. A smaller stride gives tokens more context and takes
   * longer; with `maxLength` the windows do not overlap. Default: half of `maxLength`.
   */
  readonly stride?: number | undefined;
  /** Called with the number of tokens read so far, and the total. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

const perplexityOptionNames = namesOf<PerplexityOptions>({ maxLength: true, stride: true, onProgress: true });

/** Result of {@link perplexity}. */
export interface Perplexity {
  /** e to the power of `negativeLogLikelihood`. */
  readonly perplexity: number;
  /** Mean over the tokens of -log p(token | those before it in its window), in nats. */
  readonly negativeLogLikelihood: number;
  /** Number of predicted tokens: all but the first (but the first of each window if windows do not overlap). */
  readonly tokens: number;
}

/**
 * Computes the perplexity of a text under a causal language model, with a sliding window:
 *
 *   exp(-1/n sum_i log p(token_i | tokens before it in its window))
 *
 * Windows of `maxLength` tokens begin every `stride` tokens; each counts the tokens that the one before did not reach, as
 * in Hugging Face's guide (huggingface.co/docs/transformers/perplexity). There, each window's mean weighs one token less
 * than it has; here, every token counts alike.
 *
 * @param text a text, or its token numbers
 * @throws UserError for fewer than two tokens, for a window longer than the model's, and for a stride that leaves gaps
 * @example
 * const { perplexity: found } = await perplexity(model, tokenizer, await readFile('test.txt', 'utf8'), { stride: 512 });
 */
export async function perplexity(
  model: CausalLanguageModel,
  tokenizer: Tokenizer,
  text: string | readonly number[],
  options: PerplexityOptions = {},
): Promise<Perplexity> {
  checkOptionNames(options, perplexityOptionNames, 'perplexity');
  const { vocabSize, maxPositionEmbeddings } = model.config;
  const { maxLength = maxPositionEmbeddings, onProgress } = options;
  const { stride = Math.max(1, Math.floor(maxLength / 2)) } = options;
  checkWhole({ maxLength }, 2);
  checkWhole({ stride });
  if (maxLength > maxPositionEmbeddings) {
    throw new UserError(
      `maxLength is ${maxLength}, but the model looks at no more than ${maxPositionEmbeddings} tokens`,
    );
  }
  if (stride > maxLength) {
    throw new UserError(
      `stride is ${stride}, beyond the window's ${maxLength} tokens (maxLength): some would not count`,
    );
  }
  const tokenIds = typeof text === 'string' ? (await tokenizer.encode(text)).inputIds : text;
  if (tokenIds.length < 2) {
    throw new UserError(
      `a text of ${tokenIds.length} tokens has no perplexity: there is nothing to guess the first from`,
    );
  }
  const unknown = tokenIds.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabSize));
  if (unknown !== undefined) {
    throw new UserError(`token number ${unknown}, but the model's vocabulary has ${vocabSize} tokens`);
  }
  let sum = 0;
  let tokens = 0;
  let reached = 0; // by the windows so far
  for (let begin = 0; reached < tokenIds.length; begin += stride) {
    const window = tokenIds.slice(begin, begin + maxLength);
    const first = Math.max(1, reached - begin);
    if (first < window.length) {
      for (const value of await tokenLogLikelihoods(model, window, first)) sum += value;
      tokens += window.length - first;
    }
    reached = begin + window.length;
    onProgress?.(reached, tokenIds.length);
  }
  const negativeLogLikelihood = -sum / tokens;
  return { perplexity: Math.exp(negativeLogLikelihood), negativeLogLikelihood, tokens };
}
