import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../platform/random.js';
import { shuffled } from './example-stream.js';

async function* grouped(count: number, size: number): AsyncGenerator<number[]> {
  for (let at = 0; at < count; at += size) yield Array.from({ length: Math.min(size, count - at) }, (_, i) => at + i);
}

async function order(count: number, size: number, buffer: number, seed: number): Promise<number[]> {
  const found: number[] = [];
  for await (const { index, example } of shuffled(grouped(count, size), buffer, new Random(BigInt(seed)))) {
    expect(index).toBe(example);
    found.push(example);
  }
  return found;
}

test('each example comes once, no earlier than the buffer lets it; how they come in groups makes no difference', async () => {
  const number = fc.integer({ min: 1, max: 60 });
  await fc.assert(
    fc.asyncProperty(number, number, number, fc.nat(), async (count, size, buffer, seed) => {
      const found = await order(count, size, buffer, seed);
      expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      for (const [place, example] of found.entries()) expect(example).toBeLessThan(place + buffer);
      expect(await order(count, 7, buffer, seed)).toEqual(found);
    }),
  );
});

test('a buffer of one leaves the order as it is; the seed decides', async () => {
  expect(await order(20, 3, 1, 1)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(await order(200, 3, 50, 1)).not.toEqual(await order(200, 3, 50, 2));
});
