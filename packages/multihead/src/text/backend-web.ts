/** @file Hugging Face's tokenizers in JavaScript, for browsers. They tell no offsets, which question answering needs. */
import { Tokenizer } from '@huggingface/tokenizers';
import type { RawTokens, TokenizerBackend } from './backend.js';

/** Makes the engine of a tokenizer.json. */
export function createBackend(tokenizerJson: string): TokenizerBackend {
  const tokenizer = new Tokenizer(JSON.parse(tokenizerJson), {});
  return {
    async encode(texts) {
      return texts.map((text): RawTokens => {
        const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
        return { ids, tokens, offsets: undefined };
      });
    },
    decode: async (ids, skipSpecialTokens) => tokenizer.decode([...ids], { skip_special_tokens: skipSpecialTokens }),
    tokenToId: (token) => tokenizer.token_to_id(token),
    idToToken: (id) => tokenizer.id_to_token(id),
    vocabSize: tokenizer.get_vocab(true).size,
  };
}
