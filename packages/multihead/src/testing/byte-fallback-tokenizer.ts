/** @file A tokenizer that writes what its vocabulary lacks as bytes, as Llama's does. Not part of the package. */
import { Tokenizer } from '../text/tokenizer/tokenizer.js';

const space = '▁';
const specials = ['<unk>', '<s>', '</s>'];
const words = [space, '▁Hi', '▁the', 'a'];
const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const vocabulary = [...specials, ...bytes, ...words];

/** Byte b has the number b + 3. */
export const fallbackByteIds = (text: string): number[] =>
  Array.from(new TextEncoder().encode(text), (byte) => byte + specials.length);

/** The number of a word of the vocabulary, such as ▁the. */
export const fallbackId = (token: string): number => vocabulary.indexOf(token);

/** Tokens 0 to 2 are special, then come the bytes, then ▁, ▁Hi, ▁the and a. */
export const byteFallbackTokenizer = (): Tokenizer =>
  new Tokenizer({
    json: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: specials.map((content, id) => {
        return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
      }),
      normalizer: null,
      pre_tokenizer: { type: 'Metaspace', replacement: space, prepend_scheme: 'always', split: true },
      post_processor: null,
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: space }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: {
        type: 'Unigram',
        unk_id: 0,
        byte_fallback: true,
        vocab: vocabulary.map((token, id) => [token, id < specials.length ? 0 : bytes.includes(token) ? -10 : -3]),
      },
    },
    config: { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
    where: 'the byte-fallback tokenizer',
  });
