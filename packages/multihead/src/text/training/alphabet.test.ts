import { expect, test } from 'vitest';
import { alphabetOf } from './alphabet.js';

const words = new Map([
  ['zz', 2],
  ['ba', 3],
  ['c😀', 1],
]);

test('keeps the most frequent characters, of equally frequent ones the first, in the order of code points', () => {
  expect(alphabetOf(words, 1)).toEqual(['z']);
  expect(alphabetOf(words, 2)).toEqual(['a', 'z']);
  expect(alphabetOf(words, 4)).toEqual(['a', 'b', 'c', 'z']);
  expect(alphabetOf(words, Number.POSITIVE_INFINITY)).toEqual(['a', 'b', 'c', 'z', '😀']);
});
