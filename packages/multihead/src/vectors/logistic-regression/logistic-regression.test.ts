/** @file Coefficients beside those of scikit-learn (bench/peers/logistic_regression_fixtures.py), and by what a minimum is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { largestDifference } from '../../testing/reference.js';
import type { Vectors } from '../vectors.js';
import { fitLogisticRegression } from './logistic-regression.js';

interface Case {
  seed: number;
  examples: number;
  features: number;
  classes: number;
  C: number;
  coefficients: number[][];
  intercepts: number[];
}

const fixture = fileURLToPath(new URL('../../../fixtures/logistic-regression.json', import.meta.url));
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] };

function drawn({ seed, examples, features, classes }: Case): { vectors: Vectors; labels: number[] } {
  const below = parkMiller(seed);
  const number = () => (below(2001) - 1000) / 1000;
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, number));
  const labels = Array.from({ length: examples }, (_, i) => (i < classes ? i : below(classes)));
  const rows = labels.flatMap((label) => (centres[label] as number[]).map((x) => x + 1.5 * number()));
  return { vectors: { dtype: 'float32', data: Float32Array.from(rows), shape: [examples, features] }, labels };
}

test.each(cases)('as scikit-learn: $classes classes, C $C', async (each) => {
  const { vectors, labels } = drawn(each);
  const { coefficients, intercepts, hasConverged } = await fitLogisticRegression(vectors, labels, {
    inverseStrength: each.C,
  });
  expect(hasConverged).toBe(true);
  // Of two classes scikit-learn gives one row: what the second has more than the first.
  const zeros = each.classes === 2 ? [each.coefficients[0]?.map(() => 0) ?? []] : [];
  expect(largestDifference(coefficients, [...zeros, ...each.coefficients].flat())).toBeLessThan(1e-4);
  expect(largestDifference(intercepts, [...zeros.map(() => 0), ...each.intercepts])).toBeLessThan(1e-4);
});

const vectors = { dtype: 'float32', data: Float32Array.of(0, 1, 2, 3), shape: [4, 1] } as const;

test('a limit of iterations says that the minimum was not reached', async () => {
  expect(await fitLogisticRegression(vectors, [0, 0, 1, 1], { maxIterations: 1 })).toMatchObject({
    iterations: 1,
    hasConverged: false,
  });
});

test('vectors too long for any step to be found have not converged', async () => {
  const data = vectors.data.map((x) => (x - 1.4) * 1e12);
  const { hasConverged } = await fitLogisticRegression({ ...vectors, data }, [0, 1, 0, 1]);
  expect(hasConverged).toBe(false);
});

test.each<[string, Parameters<typeof fitLogisticRegression>, RegExp]>([
  ['too few labels', [vectors, [0, 1]], /2 labels for 4 vectors/],
  [
    'a label beyond the classes',
    [vectors, [0, 1, 2, 0], { classes: 2 }],
    /label 2 is 2; expected a whole number from 0 to 1/,
  ],
  ['one class', [vectors, [1, 1, 1, 1]], /every label is 1; expected labels of two classes or more/],
  [
    'NaN',
    [{ ...vectors, data: Float32Array.of(0, 1, Number.NaN, 3) }, [0, 0, 1, 1]],
    /vector 2 contains NaN; compute it again, or leave it out/,
  ],
  [
    'a strength of nothing',
    [vectors, [0, 1, 1, 0], { inverseStrength: 0 }],
    /inverseStrength is 0; it must be above 0/,
  ],
])('%s: a clear error', async (_, args, message) => {
  await expect(fitLogisticRegression(...args)).rejects.toThrow(message);
});
