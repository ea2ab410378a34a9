import { describe, expect, test } from 'vitest';
import { causalMask, decodingMask, groupedQueryAttention, scaledDotProductAttention } from '../../exports/nn.js';
import { type Tensor, tensor } from '../../exports/tensor.js';
import { Random } from '../../platform/random.js';
import { largestDifference } from '../../testing/reference.js';

const random = new Random(5n);

function normal(...shape: number[]): Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  random.fillNormal(values, 1);
  return tensor(values, { shape });
}

/** [batch, kvHeads, length, headDim] with each head written once for every query head that reads it. */
function repeated(x: Tensor, groups: number): Tensor {
  const [batch, kvHeads, length, headDim] = x.shape as [number, number, number, number];
  return x
    .unsqueeze(2)
    .expand([batch, kvHeads, groups, length, headDim])
    .reshape([batch, kvHeads * groups, length, headDim]);
}

const difference = async (a: Tensor, b: Tensor) => {
  expect(a.shape).toEqual(b.shape);
  return largestDifference((await a.data()) as Float32Array, (await b.data()) as Float32Array);
};

describe.each([1, 2, 4])('attention of 4 query heads to %i of keys and values', (kvHeads) => {
  const [query, key, value] = [normal(2, 4, 5, 6), normal(2, kvHeads, 5, 6), normal(2, kvHeads, 5, 6)];
  const mask = causalMask(5);

  test('is attention to keys and values repeated', async () => {
    const found = groupedQueryAttention(query, { key, value }, { mask });
    const groups = 4 / kvHeads;
    const expected = scaledDotProductAttention(query, repeated(key, groups), repeated(value, groups), { mask });
    expect(await difference(found.output, expected.output)).toBeLessThan(1e-6);
    expect(await difference(found.weights, expected.weights)).toBeLessThan(1e-6);
  });

  test('is the same where a part of keys and values stands in the past', async () => {
    const whole = groupedQueryAttention(query, { key, value }, { mask });
    const ones = (length: number) => tensor(new Array(2).fill(new Array(length).fill(1)), { dtype: 'int64' });
    const found = groupedQueryAttention(
      query.slice(2, 3),
      { key: key.slice(2, 3), value: value.slice(2, 3) },
      { past: { key: key.slice(2, 0, 3), value: value.slice(2, 0, 3) }, mask: decodingMask(ones(3), ones(2)) },
    );
    expect(await difference(found.output, whole.output.slice(2, 3))).toBeLessThan(1e-6);
    expect(await difference(found.weights, whole.weights.slice(2, 3))).toBeLessThan(1e-6);
  });
});

test('heads that cannot be shared out are refused', () => {
  const [query, keyValue] = [normal(1, 4, 2, 2), normal(1, 3, 2, 2)];
  expect(() => groupedQueryAttention(query, { key: keyValue, value: keyValue })).toThrow(
    '4 query heads cannot be shared out among 3 key-value heads',
  );
});
