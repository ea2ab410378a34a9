import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from '../../exports/tensor.js';
import { narrow } from './narrow.js';

test('any stretch, its start counted from either side', async () => {
  const stretch = fc
    .integer({ min: 1, max: 6 })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    .chain(([size, start]) =>
      fc.tuple(fc.constant(size), fc.constant(start), fc.integer({ min: 1, max: size - start })),
    );
  await fc.assert(
    fc.asyncProperty(stretch, fc.boolean(), async ([size, start, length], fromEnd) => {
      const numbers = Array.from({ length: size }, (_, i) => i);
      const x = tensor([numbers, numbers.map((n) => n + 10)]);
      const y = narrow([x], { axis: 1, start: fromEnd ? start - size : start, length });
      expect(y.shape).toEqual([2, length]);
      const row = numbers.slice(start, start + length);
      expect(Array.from((await y.data()) as Float32Array)).toEqual([...row, ...row.map((n) => n + 10)]);
    }),
    { numRuns: 25 },
  );
});
