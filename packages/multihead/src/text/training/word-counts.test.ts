import { expect, test } from 'vitest';
import { detached, WordCounts } from './word-counts.js';

test('forgets the rarest words when there are too many, and says how many', () => {
  const words = new WordCounts(4);
  for (const word of ['a', 'b', 'a', 'c', 'd', 'c', 'a']) words.add(word);
  expect(words.forgotten).toBe(0);
  words.add('e');
  expect([...words.counts]).toEqual([
    ['a', 3],
    ['c', 2],
    ['e', 1],
  ]);
  expect(words.forgotten).toBe(2);
});

test('forgets more often than once where many are equally frequent', () => {
  const words = new WordCounts(4);
  for (const word of ['a', 'b', 'c', 'd', 'd']) words.add(word, 5);
  words.add('e');
  expect([...words.counts]).toEqual([
    ['d', 10],
    ['e', 1],
  ]);
});

test('words of more than 256 units are counted apart', () => {
  const words = new WordCounts();
  words.add('x'.repeat(256), 2);
  words.add('x'.repeat(257), 3);
  expect([...words.counts.values()]).toEqual([2]);
  expect(words.tooLong).toBe(3);
});

test('a detached word is the same word', () => {
  for (const word of ['short', 'a word of more than 13', '😀'.repeat(9)]) expect(detached(word)).toBe(word);
});
