/** @file A tokenizer whose tokens are single bytes, so that characters are split between tokens. Not part of the package. */
import { Tokenizer } from '../text/tokenizer/tokenizer.js';
import { byteCharacters } from '../text/training/byte-level/byte-alphabet.js';
import { byteLevelJson } from '../text/training/byte-level/byte-level-json.js';

/** Ends texts; its number is 0. */
export const endOfText = '<|endoftext|>';

/** Byte b has the number b + 1. */
export const byteTokenizer = (): Tokenizer =>
  new Tokenizer({
    json: byteLevelJson([endOfText, ...byteCharacters], [], [endOfText]),
    config: { bos_token: endOfText, eos_token: endOfText },
    where: 'the byte tokenizer',
  });

/** The tokens of a text. */
export const bytesOf = (text: string): number[] => Array.from(new TextEncoder().encode(text), (byte) => byte + 1);
