import { expect, test } from 'vitest';
import { drawnVectors, expectedOfVectors } from '../testing/drawn-vectors.js';
import { communityDetection } from './community-detection.js';

const vectors = drawnVectors(1, 90);

test.each(expectedOfVectors.communities)(
  'as sentence-transformers 6.2: $threshold, $least',
  async ({ threshold, least, found }) => {
    expect(await communityDetection(vectors, { threshold, minCommunitySize: least })).toEqual(found);
  },
);

test('fewer vectors than a community has are none', async () => {
  expect(await communityDetection(vectors, { minCommunitySize: 91 })).toEqual([]);
  for (const threshold of [Number.NaN, 2])
    await expect(communityDetection(vectors, { threshold })).rejects.toThrow(/threshold is (NaN|2); it must be/);
});

test('large communities are found in little memory and time', { timeout: 40_000 }, async () => {
  /** Four groups of equal vectors: 9,000, and three times 1,000. */
  const count = 12_000;
  const data = new Float32Array(count * 4);
  for (let row = 0; row < count; row++) data[row * 4 + Math.max(0, Math.floor(row / 1000) - 8)] = 1;
  const found = await communityDetection({ dtype: 'float32', data, shape: [count, 4] }, { threshold: 0.9 });
  expect(found.map((rows) => [rows.length, rows[0]])).toEqual([
    [9000, 0],
    [1000, 9000],
    [1000, 10_000],
    [1000, 11_000],
  ]);
});
