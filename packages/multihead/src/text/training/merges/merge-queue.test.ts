import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MergeQueue, type QueuedPair } from './merge-queue.js';

const entry = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .map(([left, right, count]): QueuedPair => ({ pair: { left, right, count }, count, words: [] }));

test('gives pairs by falling count, then by rising token numbers', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const queue = new MergeQueue();
      for (const entry of entries) queue.push(entry);
      const key = ({ pair, count }: QueuedPair) => [count, pair.left, pair.right];
      const expected = entries.toSorted(
        (a, b) => b.count - a.count || a.pair.left - b.pair.left || a.pair.right - b.pair.right,
      );
      expect(entries.map(() => key(queue.pop() as QueuedPair))).toEqual(expected.map(key));
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
