/** @file Against SciPy: bench/peers/search_fixtures.py. */
import { describe, expect, test } from 'vitest';
import { searchFixture } from '../../testing/search-fixtures.js';
import { erf, erfc } from './erf.js';
import { logMass, logNdtr, quantile } from './truncated-normal.js';

const reference = searchFixture<{
  readonly limits: readonly (readonly [number, number])[];
  readonly quantiles: readonly number[];
  readonly ppf: readonly (readonly number[])[];
  readonly masses: readonly number[];
  readonly xs: readonly number[];
  readonly erf: readonly number[];
  readonly erfc: readonly number[];
  readonly log_ndtr: readonly number[];
}>('truncated-normal.json');

/** The difference in parts of the reference value. */
const apart = (value: number, expected: number) =>
  value === expected ? 0 : Math.abs(value - expected) / Math.abs(expected);

describe('as SciPy has them', () => {
  test.each(reference.xs.map((x, i) => [x, i] as const))('error functions and log ndtr of %d', (x, i) => {
    expect(apart(erf(x), reference.erf[i] as number)).toBeLessThan(5e-16);
    expect(apart(erfc(x), reference.erfc[i] as number)).toBeLessThan(1e-14);
    expect(apart(logNdtr(x), reference.log_ndtr[i] as number)).toBeLessThan(1e-13);
  });

  test.each(reference.limits.map((limits, i) => [limits, i] as const))(
    'mass and quantiles between %j',
    ([low, high], i) => {
      expect(apart(logMass(low, high), reference.masses[i] as number)).toBeLessThan(1e-9);
      for (const [j, q] of reference.quantiles.entries()) {
        expect(quantile(q, low, high)).toBeCloseTo((reference.ppf[i] as number[])[j] as number, 7);
      }
      expect([quantile(0, low, high), quantile(1, low, high)]).toEqual([low, high]);
    },
  );
});
