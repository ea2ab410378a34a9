/** @file Kinds of characters, against the Rust library: for every code point of planes 0 to 3 and of the tags. */
import { bertNormalizer, bertPreTokenizer } from 'tokenizers';
import { describe, expect, test } from 'vitest';
import { alignedText } from './aligned-text.js';
import { normalizeBert } from './bert-normalizer.js';
import { bertWord } from './unicode.js';

// Letters of scripts that came with Unicode 13 to 16, which fall apart into letter and accent: not so in Rust.
const laterCompositions =
  /[\u{105c9}\u{105e4}\u{11383}\u{11385}\u{1138e}\u{11391}\u{113c5}\u{113c7}\u{113c8}\u{11938}\u{16121}-\u{16128}\u{16d68}-\u{16d6a}]/u;

const every = [...Array(0x33480).keys(), ...Array.from({ length: 0x200 }, (_, i) => 0xe0000 + i)]
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => !laterCompositions.test(character));
const chunks = Array.from({ length: Math.ceil(every.length / 512) }, (_, i) => every.slice(i * 512, (i + 1) * 512));

describe('every character', () => {
  test.each([
    { clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true },
    { clean_text: true, handle_chinese_chars: false, strip_accents: false, lowercase: false },
    { clean_text: false, handle_chinese_chars: true, strip_accents: true, lowercase: false },
  ])('is normalized as in Rust under %j', (settings) => {
    const rust = bertNormalizer({
      cleanText: settings.clean_text,
      handleChineseChars: settings.handle_chinese_chars,
      stripAccents: settings.strip_accents,
      lowercase: settings.lowercase,
    });
    for (const characters of chunks) {
      const text = characters.join('a');
      expect(normalizeBert(alignedText(text), settings).text).toBe(rust.normalizeString(text));
    }
  });

  test('parts words as in Rust', () => {
    const rust = bertPreTokenizer();
    for (const characters of chunks) {
      const text = characters.map((character) => `a${character}b`).join(' ');
      const words = rust.preTokenizeString(text).map(([word]) => word);
      expect([...text.matchAll(bertWord)].map(([word]) => word)).toEqual(words);
    }
  });
});
