import { describe, expect, test } from 'vitest';
import { concatenate, gradient, tensor } from '../exports/tensor.js';
import { input } from './operators/sources.js';

describe('tensors by hand', () => {
  test('are computed when their data is asked for', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [dx] = gradient(x.matmul(x).sum(), [x]);
    expect(await x.matmul(x).data()).toEqual(Float32Array.of(7, 10, 15, 22));
    expect(await dx?.data()).toEqual(Float32Array.of(7, 11, 9, 13));
  });

  test('keep integers and booleans apart from floats', async () => {
    expect(tensor([1n].map(Number), { dtype: 'int64' }).dtype).toBe('int64');
    expect(await tensor([[true], [false]]).data()).toEqual(Uint8Array.of(1, 0));
    expect(await tensor([1, 2, 3]).greater(1.5).cast('int32').data()).toEqual(Int32Array.of(0, 1, 1));
  });

  test('argmax, concatenate, slice, transpose', async () => {
    const x = tensor([
      [1, 9, 3],
      [7, 2, 5],
    ]);
    expect(await x.argmax(1).data()).toEqual(BigInt64Array.of(1n, 0n));
    expect(await concatenate([x, x.slice(1, 0, 1)], 1).data()).toEqual(Float32Array.of(1, 9, 3, 1, 7, 2, 5, 7));
    expect(await x.transpose(0, 1).data()).toEqual(Float32Array.of(1, 7, 9, 2, 3, 5));
  });

  test('the k largest of each row, of equal ones the first; gradients reach what was chosen', async () => {
    const x = tensor([
      [1, 9, 3, 9],
      [7, 2, 5, -1],
    ]);
    const { values, indices } = x.topK(2);
    expect(await indices.data()).toEqual(BigInt64Array.of(1n, 3n, 0n, 2n));
    expect(await values.data()).toEqual(Float32Array.of(9, 9, 7, 5));
    const [dx] = gradient(values.mul(values).sum(), [x]);
    expect(await dx?.data()).toEqual(Float32Array.of(0, 18, 0, 18, 14, 0, 10, 0));
    expect(() => x.topK(5)).toThrow(/k is 5; expected a whole number from 1 to the last size of \[2, 4\]/);
  });

  test('a tensor that the loss does not depend on has gradient zero', async () => {
    const [x, y] = [tensor([1, 2]), tensor([3, 4])];
    const [, dy] = gradient(x.sum(), [x, y]);
    expect(await dy?.data()).toEqual(Float32Array.of(0, 0));
  });

  test('a tensor used twice gets the sum of both gradients', async () => {
    const x = tensor([3]);
    const [dx] = gradient(x.mul(x).add(x).sum(), [x]);
    expect(await dx?.item()).toBe(7);
  });
});

describe('mistakes are told where the line is written', () => {
  const hidden = input([], { name: 'h', dtype: 'float32', shape: ['batch', 12, 'sequence', 64] });
  const other = input([], { name: 'o', dtype: 'float32', shape: ['batch', 12, 32, 'sequence'] });

  test.each<[string, () => unknown, string]>([
    [
      'matmul',
      () => hidden.matmul(other),
      'matmul: inner dimensions differ: [batch, 12, sequence, 64] x [batch, 12, 32, sequence]',
    ],
    ['reshape', () => hidden.reshape(['batch', 768]), 'does not have as many elements as [batch, 768]'],
    ['axis', () => hidden.softmax(4), 'softmax: there is no axis 4 in [batch, 12, sequence, 64]'],
    ['types', () => hidden.add(tensor([1], { dtype: 'int64' })), 'element types differ: float32 and int64'],
    ['slice', () => tensor([1, 2]).slice(0, 1, 5), 'slice: [1, 5) does not lie in an axis of size 2'],
    [
      'gradient of no scalar',
      () => gradient(hidden, [hidden]),
      'the loss must be a scalar, not [batch, 12, sequence, 64]',
    ],
    ['elements', () => tensor([1, 2, 3], { shape: [2, 2] }), '3 elements do not fill the shape [2, 2]'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message);
  });

  test('data of a tensor with open inputs', async () => {
    await expect(hidden.sum().data()).rejects.toThrow('depends on h, which have no values here');
  });
});
