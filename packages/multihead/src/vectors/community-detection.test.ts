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
