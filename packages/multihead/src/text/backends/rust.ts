/** @file Hugging Face's tokenizers in Rust, for Node: the code that Python runs, so the tokens are the same to the byte. */
import { type Encoding, Tokenizer } from 'tokenizers';
import { utf16Spans } from '../tokenizer/utf16.js';
import type { CreateBackend, RawTokens, Span, TokenizerJson } from './backend.js';
import { rememberWords } from './bert/word-cache.js';

/** Makes the engine of a tokenizer.json. */
export const createBackend: CreateBackend = (json) => {
  const tokenizer = Tokenizer.fromString(JSON.stringify(json));
  const encode = async (texts: readonly string[]) => {
    const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding, i) => rawTokens(encoding, texts[i] as string));
  };
  const encodeIds = async (texts: readonly string[]) => {
    const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding) => encoding.getIds());
  };
  const decoder = asWritten(json, tokenizer);
  return {
    ...rememberWords(json, { encode, encodeIds }),
    decode: (ids, skipSpecialTokens) => decoder.decode([...ids], skipSpecialTokens),
    tokenToId: (token) => tokenizer.tokenToId(token) ?? undefined,
    idToToken: (id) => decoder.idToToken(id) ?? undefined,
    vocabulary: () => new Map(Object.entries(tokenizer.getVocab(true))),
  };
};

/**
 * A tokenizer that decodes added tokens as they are written. Since version 0.23 the library gives those that are looked for
 * in normalized text in their normal form (`[new]` for `[NEW]`); Python, up to 0.22 at least, does not.
 */
function asWritten(json: TokenizerJson, tokenizer: Tokenizer): Tokenizer {
  const added = json.added_tokens ?? [];
  if (added.every(({ id, content }) => tokenizer.idToToken(id) === content)) return tokenizer;
  const plain = added.map((token) => ({ ...token, normalized: false }));
  return Tokenizer.fromString(JSON.stringify({ ...json, added_tokens: plain }));
}

/** The tokens of one text. What has to be brought over from Rust is brought when it is read: numbers take the least time. */
function rawTokens(encoding: Encoding, text: string): RawTokens {
  let tokens: readonly string[] | undefined;
  let offsets: readonly Span[] | undefined;
  return {
    ids: encoding.getIds(),
    get tokens() {
      tokens ??= encoding.getTokens();
      return tokens;
    },
    get offsets() {
      offsets ??= utf16Spans(text, encoding.getOffsets() as [number, number][]);
      return offsets;
    },
  };
}
