/** @file Hugging Face's tokenizers in Rust, for Node: the code that Python runs, so the tokens are the same to the byte. */
import { Tokenizer } from 'tokenizers';
import type { CreateBackend, RawTokens, Span } from './backend.js';
import { utf16Spans } from './utf16.js';
import { rememberWords } from './word-cache.js';

/** Makes the engine of a tokenizer.json. */
export const createBackend: CreateBackend = (json) => {
  const tokenizer = Tokenizer.fromString(JSON.stringify(json));
  const encode = async (texts: readonly string[]): Promise<RawTokens[]> => {
    const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding, i): RawTokens => {
      const spans = encoding.getOffsets() as [number, number][];
      const offsets: readonly Span[] = utf16Spans(texts[i] as string, spans);
      return { ids: encoding.getIds(), tokens: encoding.getTokens(), offsets };
    });
  };
  const encodeIds = async (texts: readonly string[]) => {
    const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding) => encoding.getIds());
  };
  return {
    ...rememberWords(json, { encode, encodeIds }),
    decode: (ids, skipSpecialTokens) => tokenizer.decode([...ids], skipSpecialTokens),
    tokenToId: (token) => tokenizer.tokenToId(token) ?? undefined,
    idToToken: (id) => tokenizer.idToToken(id) ?? undefined,
    vocabulary: () => new Map(Object.entries(tokenizer.getVocab(true))),
  };
};
