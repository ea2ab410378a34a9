import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windows } from './windows.js';

async function* grouped(items: readonly number[], size: number): AsyncGenerator<number[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

async function cut(items: readonly number[], groupSize: number, limits = { examples: 4, size: 20 }) {
  const found: number[][] = [];
  for await (const window of windows(grouped(items, groupSize), (size) => size, limits)) found.push(window);
  return found;
}

test('a window ends with the example that reaches a limit', async () => {
  expect(await cut([1, 1, 1, 1, 1, 9, 12, 30, 2], 2)).toEqual([[1, 1, 1, 1], [1, 9, 12], [30], [2]]);
  expect(await cut([], 2)).toEqual([]);
});

test('all examples in their order, cut the same however they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 9 }), async (items, size) => {
      const found = await cut(items, size);
      expect(found.flat()).toEqual(items);
      expect(found).toEqual(await cut(items, 1));
      expect(found.every((window) => window.length > 0 && window.length <= 4)).toBe(true);
    }),
  );
});
