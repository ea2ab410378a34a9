/** @file Metrics of similarities against sentence-transformers' evaluators (bench/peers/similarity_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  binaryPairsMetrics,
  binaryPairsReport,
  pairedRanksMetrics,
  scoredPairsMetrics,
  tripletMetrics,
  vectorSimilarity,
} from '../../exports/metrics.js';
import { drawnVectors } from '../../testing/drawn-vectors.js';
import { parkMiller } from '../../testing/park-miller.js';

const { columns, cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/similarity/metrics.json', import.meta.url), 'utf8'),
) as { columns: string[]; cases: (number | null)[][] };

test('1,000 drawn cases are as by sentence-transformers', () => {
  expect(cases).toHaveLength(1000);
  for (const [i, expected] of cases.entries()) {
    const below = parkMiller(i + 1);
    const count = 2 + below(12);
    const scores = Array.from({ length: count }, () => (below(33) - 8) / 64);
    const labels = Array.from({ length: count }, () => below(2));
    const values = Array.from({ length: count }, () => below(6));
    const similarities = scores.map((cosine) => ({ cosine, dot: cosine, euclidean: cosine, manhattan: cosine }));
    const { pearson_cosine: pearson, spearman_cosine: spearman } = scoredPairsMetrics(values, similarities);
    const report = binaryPairsReport(labels.map((label) => label === 1), scores); // biome-ignore format: short
    const found: Record<string, number | undefined> = { ...report, pearson, spearman };
    for (const [k, name] of columns.entries()) {
      const reference = expected[k];
      if (reference === null) expect(found[name], `${name} of case ${i}`).toBeUndefined();
      else expect(found[name], `${name} of case ${i}`).toBeCloseTo(reference as number, 7);
    }
  }
});

const [east, north, northEast] = [[1, 0], [0, 2], [1, 1]] as const; // biome-ignore format: short

describe('vectors', () => {
  test('are compared by four measures', () => {
    const { cosine, ...others } = vectorSimilarity(east, northEast);
    expect(cosine).toBeCloseTo(Math.SQRT1_2, 12);
    expect(others).toEqual({ dot: 1, euclidean: -1, manhattan: -1 });
    expect(vectorSimilarity([0, 0], east).cosine).toBe(0);
    expect(() => vectorSimilarity(east, [1])).toThrow('2 references but 1 predictions');
  });

  test('of triplets: the anchor is nearer to its positive than to each negative', () => {
    const right = [vectorSimilarity(east, northEast), vectorSimilarity(east, north)];
    const tied = [vectorSimilarity(east, north), vectorSimilarity(east, north)];
    const wrong = [vectorSimilarity(east, northEast), vectorSimilarity(east, north), vectorSimilarity(east, east)];
    expect(tripletMetrics([right, tied, wrong])).toEqual({
      cosine_accuracy: 1 / 3,
      dot_accuracy: 1 / 3,
      euclidean_accuracy: 1 / 3,
      manhattan_accuracy: 1 / 3,
      max_accuracy: 1 / 3,
    });
  });

  test('of pairs that are similar or not: thresholds of distances are positive', () => {
    const metrics = binaryPairsMetrics(
      [true, false],
      [vectorSimilarity(east, northEast), vectorSimilarity(east, north)],
    );
    expect(metrics).toMatchObject({ cosine_ap: 1, euclidean_accuracy: 1, manhattan_f1_threshold: 2, max_ap: 1 });
  });

  test('of pairs alone: each first vector finds its partner; what is as near shares the better rank', () => {
    const pairs = [[east, northEast], [north, north], [east, north], [east, northEast]] as const; // biome-ignore format: short
    expect(pairedRanksMetrics(pairs)).toEqual({
      'cosine_accuracy@1': 0.75,
      'cosine_accuracy@5': 1,
      'cosine_mrr@10': (3 + 1 / 3) / 4,
    });
    expect(() => pairedRanksMetrics([])).toThrow('no pairs');
    expect(() => pairedRanksMetrics([[east, [1, 2, 3]]])).toThrow(/pair 0 has a vector of 3 elements; expected 2/);
  });

  test('of many pairs alone: the ranks of all cosines, sorted; of vectors that stand in several pairs too', () => {
    const { data } = drawnVectors(5, 402);
    const vector = (i: number) => Array.from(data.subarray(20 * i, 20 * (i + 1)));
    const pairs = Array.from({ length: 201 }, (_, i) => [vector(i), vector(201 + (i % 190))] as const);
    const ranks = pairs.map(([first, own]) => {
      const cosines = pairs.map(([, second]) => vectorSimilarity(first, second).cosine);
      return 1 + cosines.filter((cosine) => cosine > vectorSimilarity(first, own).cosine + 1e-12).length;
    });
    const share = (most: number) => ranks.filter((rank) => rank <= most).length / ranks.length;
    const found = pairedRanksMetrics(pairs);
    expect(found['cosine_accuracy@1']).toBe(share(1));
    expect(found['cosine_accuracy@5']).toBe(share(5));
    const reciprocal = ranks.reduce((sum, rank) => sum + (rank <= 10 ? 1 / rank : 0), 0);
    expect(found['cosine_mrr@10']).toBeCloseTo(reciprocal / ranks.length, 12);
  });
});
