/**
 * @file A tokenizer.json for byte-level BPE, which encodes as GPT-2's does. The rule that parts words is written out (as
 * in Llama 3's and Qwen's files) rather than left to ByteLevel, whose rule is a little another in Hugging Face's JavaScript
 * library than in Rust: it takes U+FEFF for white space and U+0085 for none.
 */

import type { TokenizerJson } from '../../backends/backend.js';
import { bpeModel } from '../../files/bpe-model.js';
import type { Merge } from '../merges/learn-merges.js';
import { specialAddedTokens } from '../special-added-tokens.js';
import { textEnds } from '../special-token-roles.js';
import { byteLevelPattern } from './byte-level-words.js';

/**
 * Makes the contents of tokenizer.json.
 *
 * @param tokens in the order of their numbers
 * @param merges by numbers, in the order in which they are applied
 */
export function byteLevelJson(
  tokens: readonly string[],
  merges: readonly Merge[],
  specialTokens: readonly string[],
): TokenizerJson {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  const split = { type: 'Split', pattern: { Regex: byteLevelPattern }, behavior: 'Isolated', invert: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialAddedTokens(specialTokens),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel] },
    post_processor: textEnds(specialTokens) ?? byteLevel,
    decoder: byteLevel,
    model: bpeModel({
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => [tokens[left] as string, tokens[right] as string]),
    }),
  };
}
