/**
 * @file Tokenizers in JavaScript, for browsers: BERT's with places of its tokens by {@link createBertEncoder}, all others
 * by Hugging Face's library, which tells no places.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import type { CreateBackend, RawTokens } from './backend.js';
import { createBertEncoder, isBert } from './bert/bert-encoder.js';
import { rememberWords } from './bert/word-cache.js';

/** What is used of the library, whose own types do not resolve under `moduleResolution: nodenext`. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[]; tokens: string[] };
  decode(ids: number[], options: { skip_special_tokens: boolean }): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(withAddedTokens: boolean): Map<string, number>;
}

/** Makes the engine of a tokenizer.json. */
export const createBackend: CreateBackend = (json) => {
  // The decoder of tokenizer.json cleans up by itself, if it is to; the library would do it once more.
  const tokenizer: LibraryTokenizer = new Tokenizer(
    { added_tokens: [], ...json },
    { clean_up_tokenization_spaces: false },
  );
  const encode = isBert(json)
    ? createBertEncoder(json)
    : (text: string): RawTokens => {
        const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
        return { ids, tokens, offsets: undefined };
      };
  return {
    ...rememberWords(json, {
      encode: async (texts) => texts.map(encode),
      encodeIds: async (texts) => texts.map((text) => encode(text).ids),
    }),
    async decode(ids, skipSpecialTokens) {
      // Numbers without a token are left out, as in Rust; to decode nothing, the library refuses.
      const known = ids.filter((id) => tokenizer.id_to_token(id) !== undefined);
      return known.length > 0 ? tokenizer.decode(known, { skip_special_tokens: skipSpecialTokens }) : '';
    },
    tokenToId: (token) => tokenizer.token_to_id(token),
    idToToken: (id) => tokenizer.id_to_token(id),
    vocabulary: () => tokenizer.get_vocab(true),
  };
};
