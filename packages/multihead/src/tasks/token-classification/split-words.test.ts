import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitWords } from './split-words.js';

test.each<[string, string[]]>([
  ['Anna moved to Paris.', ['Anna', 'moved', 'to', 'Paris', '.']],
  ["  It's (really) U.S.-made, isn't it?! ", ["It's", '(', 'really', ')', 'U.S.-made', ',', "isn't", 'it', '?', '!']],
  ['@anna: see #news, 3.5 € -- ok', ['@anna', ':', 'see', '#news', ',', '3.5', '€', '-', '-', 'ok']],
  ['我在上海，Anna在Paris。', ['我', '在', '上', '海', '，', 'Anna', '在', 'Paris', '。']],
  ['😀😀 hi😀', ['😀', '😀', 'hi', '😀']],
  ['"...', ['"', '.', '.', '.']],
  ['', []],
  [' \n', []],
])('%s', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('nothing but white space is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(splitWords(text).join('')).toBe(text.replaceAll(/\s+/gu, ''));
    }),
  );
});
