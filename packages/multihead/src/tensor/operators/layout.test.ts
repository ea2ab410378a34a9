import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradient, type Tensor, tensor } from '../../exports/tensor.js';
import { topologicalOrder } from '../gradient.js';

const size = 6;
const x = () =>
  tensor(
    Float32Array.from({ length: 2 * size }, (_, i) => i),
    { shape: [2, size] },
  );
const names = (y: Tensor) => topologicalOrder([y]).map(({ name }) => name);

/** The sum over slices of (place + 1) times the slice, whose gradient counts which slices an element lies in. */
function sumOfSlices(x: Tensor, slices: readonly (readonly [number, number])[]): Tensor {
  const shares = slices.map(([start, end], place) =>
    x
      .slice(1, start, end)
      .mul(place + 1)
      .sum(),
  );
  return shares.reduce((a, b) => a.add(b));
}

describe('gradients of slices of one tensor', () => {
  test('that lie side by side are laid together, without zeros and sums', async () => {
    const whole = x();
    const thirds = [
      [0, 2],
      [2, 3],
      [3, 6],
    ] as const;
    const [dx] = gradient(sumOfSlices(whole, thirds), [whole]) as [Tensor];
    expect(names(dx)).not.toContain('Pad');
    expect(names(dx).filter((name) => name === 'Concat')).toHaveLength(1);
    expect(Array.from((await dx.data()) as Float32Array)).toEqual([1, 1, 2, 3, 3, 3, 1, 1, 2, 3, 3, 3]);
  });

  test('are right wherever they lie, apart, overlapping, in any order', async () => {
    const slice = fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: size })).filter(([start, end]) => start < end);
    await fc.assert(
      fc.asyncProperty(fc.array(slice, { minLength: 1, maxLength: 5 }), async (slices) => {
        const whole = x();
        const [dx] = gradient(sumOfSlices(whole, slices), [whole]) as [Tensor];
        const row = Array.from({ length: size }, (_, i) =>
          slices.reduce((sum, [start, end], place) => sum + (start <= i && i < end ? place + 1 : 0), 0),
        );
        expect(Array.from((await dx.data()) as Float32Array)).toEqual([...row, ...row]);
      }),
      { numRuns: 40 },
    );
  });
});
