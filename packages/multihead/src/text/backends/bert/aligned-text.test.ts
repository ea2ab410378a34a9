/** @file Texts that remember where they came from. */
import { expect, test } from 'vitest';
import { alignedText, originOf, replaceCharacters, sliceAligned } from './aligned-text.js';

test('characters of two units have one origin', () => {
  expect(alignedText('a😀').origins).toEqual([
    [0, 1],
    [1, 3],
    [1, 3],
  ]);
});

test('what replaces a character comes from where it was', () => {
  const text = replaceCharacters(alignedText('x😀ßy'), (c) => (c === 'ß' ? 'ss' : c === 'x' ? '' : c));
  expect(text.text).toBe('😀ssy');
  expect(originOf(text, 0, 2)).toEqual([1, 3]);
  expect(originOf(text, 2, 4)).toEqual([3, 4]);
});

test('a slice keeps its origins', () => {
  expect(sliceAligned(alignedText('abc'), 1, 3)).toEqual({
    text: 'bc',
    origins: [
      [1, 2],
      [2, 3],
    ],
  });
});
