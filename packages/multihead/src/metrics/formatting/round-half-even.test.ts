import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFixedHalfEven } from './round-half-even.js';

// Expected values are those of Python's format(value, '.2f').
test.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [0.5, 0, '0'],
  [1.5, 0, '2'],
  [2.5, 0, '2'],
  [0.03125, 4, '0.0312'],
  [0.09375, 4, '0.0938'],
  [1 / 3, 2, '0.33'],
  [2 / 3, 2, '0.67'],
  [0.145, 2, '0.14'],
  [0.285, 2, '0.28'],
  [1, 4, '1.0000'],
  [0, 2, '0.00'],
])('%d with %i digits is %s', (value, digits, expected) => {
  expect(toFixedHalfEven(value, digits)).toBe(expected);
});

test('differs from toFixed only in exact ties, by one unit of the last digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4096 }), fc.integer({ min: 0, max: 6 }), (numerator, digits) => {
      const value = numerator / 4096;
      const difference = Math.abs(Number(toFixedHalfEven(value, digits)) - value) * 10 ** digits;
      expect(difference).toBeLessThanOrEqual(0.5 + 1e-9);
      if (difference > 0.5 - 1e-9) expect(Number(toFixedHalfEven(value, digits).at(-1)) % 2).toBe(0);
    }),
  );
});
