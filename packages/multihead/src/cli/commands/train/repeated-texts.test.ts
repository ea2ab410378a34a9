/** @file When a note on repeated texts is due, and what it advises. */
import { expect, test } from 'vitest';
import { repeatedTexts } from './repeated-texts.js';

const task = { apart: (texts: readonly string[]) => texts };
/** Questions that share a few answers evenly. */
const examples = (count: number, answers: number) =>
  Array.from({ length: count }, (_, i) => [`question ${i}`, `answer ${i % answers}`]);

test('more batches than examples with a text need no note', () => {
  expect(repeatedTexts(task, examples(100, 10), 10)).toBeUndefined();
  expect(repeatedTexts({}, examples(100, 1), 100)).toBeUndefined();
});

test('fewer batches do, with the batch size that avoids repetitions', () => {
  expect(repeatedTexts(task, examples(100, 10), 16)).toBe(
    '"answer 0" is in 10 examples, and there are 7 batches: some batches contain it twice, where it counts as its own ' +
      'negative (--batch-size 10 or less avoids that)',
  );
  expect(repeatedTexts(task, examples(20, 1), 32)).toContain('there is 1 batch: ');
  expect(repeatedTexts(task, examples(20, 1), 8)).toContain('(leave out repeated examples)');
});
