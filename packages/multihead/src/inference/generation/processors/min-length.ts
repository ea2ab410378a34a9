/** @file Minimum length of texts. */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Rules the end-of-text tokens out while prompt and text together have fewer tokens than `minLength`.
 *
 * @param eosTokenIds the tokens that end a text
 */
export const minLength =
  (minLength: number, eosTokenIds: readonly number[]): LogitsProcessor =>
  (scores, { tokenIds }) => {
    if (tokenIds.length < minLength) for (const eos of eosTokenIds) scores[eos] = Number.NEGATIVE_INFINITY;
  };

/** Rules the end-of-text tokens out while the text, without the prompt, has fewer tokens than `minNewTokens`. */
export const minNewTokens =
  (minNewTokens: number, eosTokenIds: readonly number[]): LogitsProcessor =>
  (scores, { tokenIds, promptLength }) => {
    if (tokenIds.length - promptLength >= minNewTokens) return;
    for (const eos of eosTokenIds) scores[eos] = Number.NEGATIVE_INFINITY;
  };
