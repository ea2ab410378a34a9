import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreements, drawClassified } from '../../testing/scored-cases.js';
import { matthewsCorrelation } from './matthews.js';

test("equals scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { references, predictions } = drawClassified(seed);
    return { matthews: matthewsCorrelation(references, predictions) };
  });
  expect(found).toEqual([]);
});

test('is 0 where all references or all predictions are of one class', () => {
  expect(matthewsCorrelation(['a', 'a'], ['a', 'b'])).toBe(0);
  expect(matthewsCorrelation(['a', 'b'], ['a', 'a'])).toBe(0);
  expect(matthewsCorrelation(['a'], ['a'])).toBe(0);
});

test('is symmetric, 1 where all is right and -1 where two classes are exchanged', () => {
  const list = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), { minLength: 1 });
  fc.assert(
    fc.property(list, (pairs) => {
      const [x, y] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
      expect(matthewsCorrelation(x, y)).toBeCloseTo(matthewsCorrelation(y, x), 12);
      fc.pre(new Set(x).size > 1);
      expect(matthewsCorrelation(x, x)).toBeCloseTo(1, 12);
    }),
  );
  expect(matthewsCorrelation(['a', 'b'], ['b', 'a'])).toBe(-1);
});

test('refuses what cannot be measured', () => {
  expect(() => matthewsCorrelation([], [])).toThrow('nothing to measure');
  expect(() => matthewsCorrelation(['a'], [])).toThrow('1 references but 0 predictions');
});
