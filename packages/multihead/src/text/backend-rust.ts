/** @file Hugging Face's tokenizers in Rust, for Node: the code that Python runs, so the tokens are the same to the byte. */
import { Tokenizer } from 'tokenizers';
import type { RawTokens, TokenizerBackend } from './backend.js';

/**
 * Makes the engine of a tokenizer.json.
 *
 * @throws Error of the Rust library where it does not understand the contents
 */
export function createBackend(tokenizerJson: string): TokenizerBackend {
  const tokenizer = Tokenizer.fromString(tokenizerJson);
  return {
    async encode(texts) {
      const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
      return encodings.map(
        (encoding): RawTokens => ({
          ids: encoding.getIds(),
          tokens: encoding.getTokens(),
          offsets: encoding.getOffsets() as [number, number][],
        }),
      );
    },
    decode: (ids, skipSpecialTokens) => tokenizer.decode([...ids], skipSpecialTokens),
    tokenToId: (token) => tokenizer.tokenToId(token) ?? undefined,
    idToToken: (id) => tokenizer.idToToken(id) ?? undefined,
    vocabSize: tokenizer.getVocabSize(true),
  };
}
