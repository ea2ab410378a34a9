import { expect, test } from 'vitest';
import { causalMask, decodingMask } from '../../exports/nn.js';
import { type Tensor, tensor } from '../../exports/tensor.js';

const lowest = -3.4028234663852886e38;
const ids = (rows: number[][]) => tensor(rows, { dtype: 'int64' });

/** Rows of a mask as text: x where a position is seen, . where it is hidden; anything else stands as a number. */
async function picture(mask: Tensor): Promise<string[]> {
  const width = mask.shape.at(-1) as number;
  const text = Array.from((await mask.data()) as Float32Array, (v) => (v === 0 ? 'x' : v === lowest ? '.' : `(${v})`));
  return Array.from({ length: text.length / width }, (_, row) => text.slice(row * width, (row + 1) * width).join(''));
}

test('no position sees a later one', async () => {
  expect(await picture(causalMask(3))).toEqual(['x..', 'xx.', 'xxx']);
});

test('nor padding, on either side; what sees nothing has finite numbers', async () => {
  const mask = ids([
    [0, 1, 1],
    [1, 1, 0],
  ]);
  expect(await picture(causalMask(3, mask))).toEqual(['...', '.x.', '.xx', 'x..', 'xx.', 'xx.']);
});

test('new tokens see the visible past, and each other causally', async () => {
  const mask = decodingMask(ids([[1, 0, 1, 0]]), ids([[1, 1]]));
  expect(mask.shape).toEqual([1, 1, 2, 6]);
  expect(await picture(mask)).toEqual(['x.x.x.', 'x.x.xx']);
});
