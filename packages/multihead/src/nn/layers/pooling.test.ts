import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { l2Normalize, lastTokenPooling, maxPooling, meanPooling } from '../../exports/nn.js';
import { gradient, type Tensor, tensor } from '../../exports/tensor.js';

const numbers = async (x: Tensor) => Array.from((await x.data()) as Float32Array);

describe('mean pooling', () => {
  test('is the mean of the tokens that the mask shows', async () => {
    const hidden = [
      [1, 2, 3, 6, 5, 10],
      [1, 2, 3, 6, 100, -100],
      [7, 8, 100, -100, 100, -100],
    ];
    const mask = tensor([1, 1, 1, 1, 1, 0, 1, 0, 0], { dtype: 'int64', shape: [3, 3] });
    const pooled = meanPooling(tensor(hidden).reshape([3, 3, 2]), mask);
    expect(pooled.shape).toEqual([3, 2]);
    expect(await numbers(pooled)).toEqual([3, 6, 2, 4, 7, 8]);
  });

  test('of padding alone is zero, and no NaN', async () => {
    const nothing = tensor([[0]], { dtype: 'int64' });
    expect(await numbers(meanPooling(tensor([[[5, 7]]]), nothing))).toEqual([0, 0]);
  });
});

describe('pooling by max and by the last token', () => {
  const hidden = tensor([1, 8, 3, 6, 100, -100, 7, 8, 100, -100, 100, -100], { shape: [2, 3, 2] });
  const mask = tensor([1, 1, 0, 1, 0, 0], { dtype: 'int64', shape: [2, 3] });

  test('leaves padding out', async () => {
    expect(await numbers(maxPooling(hidden, mask))).toEqual([3, 8, 7, 8]);
    expect(await numbers(lastTokenPooling(hidden, mask))).toEqual([3, 6, 7, 8]);
  });

  test('the last token is the last one also where padding comes first', async () => {
    const first = tensor([0, 1, 1, 0, 0, 1], { dtype: 'int64', shape: [2, 3] });
    expect(await numbers(lastTokenPooling(hidden, first))).toEqual([100, -100, 100, -100]);
  });

  test('gradients go to the tokens that were chosen', async () => {
    const [ofMax] = gradient(maxPooling(hidden, mask).sum(), [hidden]);
    expect(await numbers(ofMax as Tensor)).toEqual([0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
    const [ofLast] = gradient(lastTokenPooling(hidden, mask).sum(), [hidden]);
    expect(await numbers(ofLast as Tensor)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
  });
});

describe('normalized vectors', () => {
  test('point where they did, with length 1', async () => {
    expect(await numbers(l2Normalize(tensor([3, 4, 0, -2], { shape: [2, 2] })))).toEqual(
      [0.6, 0.8, 0, -1].map(Math.fround),
    );
  });

  test('of zeros are zeros', async () => {
    const zeros = tensor([[0, 0]]);
    expect(await numbers(l2Normalize(zeros))).toEqual([0, 0]);
    const [gradients] = gradient(l2Normalize(zeros).sum(), [zeros]);
    expect((await numbers(gradients as Tensor)).every(Number.isFinite)).toBe(true);
  });

  test('have length 1 whatever they were', async () => {
    const coordinate = fc.float({ min: -1000, max: 1000, noNaN: true });
    const vector = fc.array(coordinate, { minLength: 3, maxLength: 3 }).filter((v) => Math.hypot(...v) > 1e-3);
    const property = fc.asyncProperty(vector, async (v) => {
      expect(Math.hypot(...(await numbers(l2Normalize(tensor([v])))))).toBeCloseTo(1, 6);
    });
    await fc.assert(property, { numRuns: 20 });
  });
});
