import { expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { disagreements } from '../../testing/scored-cases.js';
import { meanAndDeviation } from './mean-and-deviation.js';

test("equal NumPy's, 1,000 drawn cases", () => {
  const found = disagreements('drawn-regressions', (seed) => {
    const below = parkMiller(seed);
    const [count, values] = [2 + below(20), seed % 3 === 0 ? 3 : 4000];
    const drawn = Array.from({ length: count }, () => below(values) / 8 - 100);
    return { ...meanAndDeviation(drawn) };
  });
  expect(found).toEqual([]);
});

test('a single value has no deviation, and no values have no mean', () => {
  expect(meanAndDeviation([0.5])).toEqual({ mean: 0.5, deviation: 0 });
  expect(() => meanAndDeviation([])).toThrow('no values');
});
