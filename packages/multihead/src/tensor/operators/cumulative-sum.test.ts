import { expect, test } from 'vitest';
import { tensor } from '../../exports/tensor.js';
import { cumulativeSum } from './cumulative-sum.js';

test('running sums along either axis', async () => {
  const x = tensor(
    [
      [0, 1, 1],
      [1, 0, 1],
    ],
    { dtype: 'int64' },
  );
  expect(await cumulativeSum([x], { axis: 1 }).data()).toEqual(BigInt64Array.of(0n, 1n, 2n, 1n, 1n, 2n));
  expect(await cumulativeSum([x], { axis: 0 }).data()).toEqual(BigInt64Array.of(0n, 1n, 1n, 1n, 1n, 2n));
});
