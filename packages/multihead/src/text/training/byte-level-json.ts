/** @file A tokenizer.json for byte-level BPE, as Hugging Face writes GPT-2's. */
import type { TokenizerJson } from '../backend.js';
import type { Merge } from './learn-merges.js';
import { specialAddedTokens } from './special-added-tokens.js';

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
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialAddedTokens(specialTokens),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => [tokens[left], tokens[right]]),
    },
  };
}
