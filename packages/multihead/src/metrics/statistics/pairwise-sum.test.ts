import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairwiseSum } from './pairwise-sum.js';

// That the order of additions is NumPy's, the fixtures of classification-report.test.ts show bit for bit.

test('sums whole numbers exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 1000 }), (values) => {
      expect(pairwiseSum(values)).toBe(values.reduce((sum, value) => sum + value, 0));
    }),
  );
});

test('is as near to the exact sum as can be, where one by one is not', () => {
  const tenths = Array.from({ length: 100_000 }, () => 0.1);
  expect(Math.abs(pairwiseSum(tenths) - 10_000)).toBeLessThan(1e-11);
  expect(Math.abs(tenths.reduce((sum, value) => sum + value, 0) - 10_000)).toBeGreaterThan(1e-9);
});

test('of nothing is 0', () => {
  expect(pairwiseSum([])).toBe(0);
});
