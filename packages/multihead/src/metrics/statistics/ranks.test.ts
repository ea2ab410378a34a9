import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ranks } from './ranks.js';

test('equal values share the mean of their ranks', () => {
  expect(ranks([30, 10, 20, 20])).toEqual([4, 1, 2.5, 2.5]);
  expect(ranks([5, 5, 5])).toEqual([2, 2, 2]);
  expect(ranks([])).toEqual([]);
});

test('a rank is one more than the number of smaller values, and half the number of other equal ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (values) => {
      const expected = values.map((value) => {
        const smaller = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        return smaller + (equal + 1) / 2;
      });
      expect(ranks(values)).toEqual(expected);
    }),
  );
});

test('what is no number has no rank', () => {
  expect(() => ranks([1, Number.NaN])).toThrow('internal: ranks');
});
