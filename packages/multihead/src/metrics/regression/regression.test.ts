import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { disagreements } from '../../testing/scored-cases.js';
import { meanAbsoluteError, meanSquaredError, pearson, r2, regressionReport, spearman } from './regression.js';

/** As bench/peers/metrics_fixtures.py writes it, from scikit-learn and SciPy; null is NaN. */
interface Case extends Record<'mse' | 'rmse' | 'mae' | 'r2' | 'pearson' | 'spearman', number | null> {
  references: number[];
  predictions: number[];
}

const file = new URL('../../../fixtures/metrics/regression.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(file, 'utf8')).cases;

/** These have the scale of the data; the others are about 1. */
const errors = new Set<string>(['mse', 'rmse', 'mae']);

test.each(cases.map((reference, index) => ({ index, reference })))(
  "equals scikit-learn's and SciPy's: case $index",
  ({ reference }) => {
    const report = regressionReport(reference.references, reference.predictions);
    for (const measure of ['mse', 'rmse', 'mae', 'r2', 'pearson', 'spearman'] as const) {
      const expected = reference[measure] ?? Number.NaN;
      const scale = errors.has(measure) ? Math.abs(expected) : Math.max(1, Math.abs(expected));
      const agrees = Number.isNaN(expected)
        ? Number.isNaN(report[measure])
        : Math.abs(report[measure] - expected) <= 1e-10 * scale;
      expect(agrees, `${measure}: ${report[measure]}, expected ${expected}`).toBe(true);
    }
  },
);

test("equals scikit-learn's and SciPy's, 1,000 drawn cases", () => {
  const found = disagreements('drawn-regressions', (seed) => {
    const below = parkMiller(seed);
    const [count, values] = [2 + below(20), seed % 3 === 0 ? 3 : 4000];
    const references = Array.from({ length: count }, () => below(values) / 8 - 100);
    const predictions = references.map((reference) => reference + below(values) / 16);
    return { ...regressionReport(references, predictions) };
  });
  expect(found).toEqual([]);
});

const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pairs = fc.array(fc.tuple(numbers, numbers), { minLength: 2, maxLength: 30 });

test('a perfect prediction has no error and correlates fully', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 2 }), (values) => {
      expect(meanSquaredError(values, values)).toBe(0);
      expect(r2(values, values)).toBe(1);
      fc.pre(new Set(values).size > 1);
      expect(pearson(values, values)).toBeCloseTo(1, 12);
      expect(spearman(values, values)).toBeCloseTo(1, 12);
    }),
  );
});

test('correlations are symmetric and within -1 and 1; Spearman sees only the order', () => {
  fc.assert(
    fc.property(pairs, (values) => {
      const [x, y] = [values.map(([left]) => left), values.map(([, right]) => right)];
      fc.pre(new Set(x).size > 1 && new Set(y).size > 1);
      for (const correlation of [pearson, spearman]) {
        expect(Math.abs(correlation(x, y))).toBeLessThanOrEqual(1);
        expect(correlation(x, y)).toBeCloseTo(correlation(y, x), 12);
      }
      const order = [...new Set(x)].sort((a, b) => a - b);
      const ordinal = x.map((value) => order.indexOf(value));
      expect(spearman(ordinal, y)).toBe(spearman(x, y));
    }),
  );
});

test('a correlation with a constant is not defined', () => {
  expect(pearson([1, 2, 3], [0.1, 0.1, 0.1])).toBeNaN();
  expect(spearman([1, 1], [1, 2])).toBeNaN();
});

test('correlations survive huge and tiny numbers', () => {
  expect(pearson([1e200, 2e200, 3e200], [1e-200, 2e-200, 3e-200])).toBeCloseTo(1, 12);
});

test('r2 of constant references is 1 or 0, and of one example NaN', () => {
  expect(r2([2, 2], [2, 2])).toBe(1);
  expect(r2([2, 2], [2, 3])).toBe(0);
  expect(r2([1], [1])).toBeNaN();
});

test('refuses what is no finite number', () => {
  expect(() => meanAbsoluteError([1, 2], [1, Number.NaN])).toThrow(
    'meanAbsoluteError: predictions[1] is NaN; a finite number was expected',
  );
  expect(() => pearson([], [])).toThrow('pearson: no references');
});
