/** @file Added tokens in a text. Random texts are compared with Rust in backend-web.test.ts. */
import { describe, expect, test } from 'vitest';
import { splitterAt } from './added-tokens.js';

const split = (text: string, ...tokens: { content: string; [flag: string]: string | boolean }[]) =>
  splitterAt(tokens.map((token, id) => ({ id, ...token })))(text).map(({ start, end, token }) =>
    token ? [text.slice(start, end)] : text.slice(start, end),
  );

describe('added tokens', () => {
  test('part a text, wherever they stand', () =>
    expect(split('a[MASK]b', { content: '[MASK]' })).toEqual(['a', ['[MASK]'], 'b']));
  test('the longest wins', () =>
    expect(split('<<a>>', { content: '<<' }, { content: '<<a' })).toEqual([['<<a'], '>>']));
  test('take white space where they are told to', () =>
    expect(split('a \t[M] b', { content: '[M]', lstrip: true, rstrip: true })).toEqual(['a', [' \t[M] '], 'b']));
  test('stand outside of words where they must', () =>
    expect(split('cat a cat, cats', { content: 'cat', single_word: true })).toEqual([
      ['cat'],
      ' a ',
      ['cat'],
      ', cats',
    ]));
  test('a word may end with a character beyond U+FFFF', () =>
    expect(split('\u{16968}cat', { content: 'cat', single_word: true })).toEqual(['\u{16968}cat']));
  test('may hold what regular expressions use', () =>
    expect(split('x a-b/(*) y', { content: 'a-b/(*)' })).toEqual(['x ', ['a-b/(*)'], ' y']));
  test('none, and no text', () => {
    expect(split('abc')).toEqual(['abc']);
    expect(split('')).toEqual([]);
    expect(split('', { content: 'a' })).toEqual([]);
  });
});
