/** @file BERT's normalizer. Every character is compared with Rust's in unicode.test.ts, whole texts in backend-web.test.ts. */
import { describe, expect, test } from 'vitest';
import { alignedText, originOf } from './aligned-text.js';
import { normalizeBert } from './bert-normalizer.js';

const normalize = (text: string, settings = {}) => normalizeBert(alignedText(text), settings).text;

describe('BERT’s normalizer', () => {
  test('lower-cases and takes accents off', () => expect(normalize('Café A\u030a İ')).toBe('cafe a i'));
  test('keeps them where it is told to', () =>
    expect(normalize('Café', { lowercase: false, strip_accents: null })).toBe('Café'));
  test('makes white space blanks and takes control characters out', () =>
    expect(normalize('a\u0000\tb\u200d\u3000c')).toBe('a b c'));
  test('puts blanks around Chinese characters', () => expect(normalize('a我𠀀b')).toBe('a 我  𠀀 b'));
  test('knows no end of a word in Σ', () => expect(normalize('ΟΔΟΣ')).toBe('οδοσ'));

  test('tells where each character came from', () => {
    const text = normalizeBert(alignedText('e\u0301\u0000가b'), {});
    expect(text.text).toBe('e\u1100\u1161b');
    expect([originOf(text, 0, 1), originOf(text, 1, 3), originOf(text, 3, 4)]).toEqual([
      [0, 1],
      [3, 4],
      [4, 5],
    ]);
  });
});
