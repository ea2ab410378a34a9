import { expect, test } from 'vitest';
import { drawnVectors, expectedOfVectors } from '../testing/drawn-vectors.js';
import { paraphraseMining } from './paraphrase-mining.js';

const vectors = drawnVectors(1, 90);

test.each(expectedOfVectors.pairs)(
  'as sentence-transformers 6.2: $topK, $maxPairs',
  async ({ topK, maxPairs, found }) => {
    const pairs = await paraphraseMining(vectors, { topK, maxPairs });
    expect(pairs.map(({ rows }) => rows)).toEqual(found.map(([, first, second]) => [first, second]));
    for (const [i, { score }] of pairs.entries()) expect(score).toBeCloseTo(found[i]?.[0] as number, 5);
  },
);

test('a vector is no pair with itself, and one alone has none', async () => {
  const one = { dtype: 'float32', data: Float32Array.of(1, 2), shape: [1, 2] } as const;
  expect(await paraphraseMining(one)).toEqual([]);
});
