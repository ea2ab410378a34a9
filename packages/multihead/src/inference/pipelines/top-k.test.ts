import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largest } from './top-k.js';

test('gives the largest first, of equal ones the earlier', () => {
  expect(largest([0.1, 0.6, 0.3, 0.6], 3)).toEqual([
    { index: 1, value: 0.6 },
    { index: 3, value: 0.6 },
    { index: 2, value: 0.3 },
  ]);
  expect(largest([0.1, 0.6, 0.3, 0.6], 2, [3, 2, 0])).toEqual([
    { index: 3, value: 0.6 },
    { index: 2, value: 0.3 },
  ]);
});

test('is the beginning of the sorted list, whatever is in it', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 12 }), (values, count) => {
      const sorted = values.map((value, index) => ({ index, value })).sort((a, b) => b.value - a.value);
      expect(largest(Float32Array.from(values), count)).toEqual(sorted.slice(0, count));
    }),
  );
});
