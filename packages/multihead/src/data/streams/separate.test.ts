import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { chunks } from './batching.js';
import { separate } from './separate.js';

/** How many members share a key with an earlier one of their batch. */
const repeats = (batches: readonly (readonly number[])[], keysOf: (member: number) => readonly string[]): number =>
  batches.reduce((sum, batch) => {
    const seen = new Set<string>();
    return (
      sum +
      batch.filter((member) => {
        const isTwice = keysOf(member).some((key) => seen.has(key));
        for (const key of keysOf(member)) seen.add(key);
        return isTwice;
      }).length
    );
  }, 0);

test('what has nothing in common stays where it is', () => {
  const batches = [[3, 1], [0, 2]]; // biome-ignore format: short
  expect(separate(batches, (i) => [`${i}`, 'a'.repeat(i + 1)])).toEqual(batches);
});

test('equal keys come into different batches, of like lengths where that is possible', () => {
  const keys = ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(separate([[0, 1], [2, 3], [4, 5], [6, 7]], (i) => [keys[i] as string])).toEqual([[0, 2], [1, 3], [4, 5], [6, 7]]); // biome-ignore format: short
});

test('a key that too many have stays twice in some batches', () => {
  expect(separate([[0, 1], [2]], () => ['a'])).toEqual([[0, 1], [2]]); // biome-ignore format: short
});

test('texts that many examples share are never twice in a batch, if there are as many batches as examples with one', () => {
  for (const [count, answers] of [
    [1000, 10],
    [2000, 200],
  ] as const) {
    const below = parkMiller(7);
    const keys = Array.from({ length: count }, (_, i) => [`question ${i}`, `answer ${below(answers)}`]);
    const counts = new Map<string, number>();
    for (const [, answer = ''] of keys) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    const size = Math.floor(count / Math.max(...counts.values()));
    const keysOf = (i: number) => keys[i] as readonly string[];
    expect(repeats(separate(chunks([...keys.keys()], size), keysOf), keysOf)).toBe(0);
  }
});

const drawn = (seed: number, count: number, different: number): string[][] => {
  const below = parkMiller(seed);
  return Array.from({ length: count }, () => [`a ${below(different)}`, `b ${below(different)}`]);
};

test('sizes and members stay; of keys that few have, none is twice', () => {
  const property = fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 2, max: 16 }), (seed, size) => {
    for (const different of [400, 40, 3]) {
      const pairs = drawn(seed, 250, different);
      const keysOf = (i: number) => pairs[i] as readonly string[];
      const batches = chunks([...pairs.keys()], size);
      const found = separate(batches, keysOf);
      expect(found.map(({ length }) => length)).toEqual(batches.map(({ length }) => length));
      expect(found.flat().sort((a, b) => a - b)).toEqual([...pairs.keys()]);
      if (different === 400) expect(repeats(found, keysOf)).toBe(0);
      else expect(repeats(found, keysOf)).toBeLessThanOrEqual(repeats(batches, keysOf));
    }
  });
  fc.assert(property, { numRuns: 30 });
});
