/** @file A tokenizer.json in which every character is a token, white space too: what comes back is what went in. */
import type { TokenizerJson } from '../backends/backend.js';
import { specialAddedTokens } from './special-added-tokens.js';

/**
 * Makes the contents of tokenizer.json.
 *
 * @param tokens   in the order of their numbers
 * @param unkToken the token of characters that are not among them
 */
export function characterJson(
  tokens: readonly string[],
  specialTokens: readonly string[],
  unkToken: string,
): TokenizerJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialAddedTokens(specialTokens),
    normalizer: null,
    // Not a dot, which takes line breaks neither in Rust's regular expressions nor in JavaScript's.
    pre_tokenizer: { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated', invert: false },
    post_processor: null,
    decoder: { type: 'Fuse' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      unk_token: unkToken,
    },
  };
}
