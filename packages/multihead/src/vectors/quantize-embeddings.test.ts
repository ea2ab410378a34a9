import { describe, expect, test } from 'vitest';
import { drawnVectors, expectedOfVectors } from '../testing/drawn-vectors.js';
import { quantizeEmbeddings } from './quantize-embeddings.js';
import { sourceOf, type Vectors } from './vectors.js';

const [corpus, queries] = [drawnVectors(1, 90), drawnVectors(2, 8)];
const { quantized } = expectedOfVectors;

describe('as quantize_embeddings of sentence-transformers 6.2', () => {
  test.each(['int8', 'uint8', 'binary', 'ubinary'] as const)('%s', (precision) => {
    const { data, dtype, shape } = quantizeEmbeddings(corpus, precision);
    expect({ dtype, shape }).toEqual({ dtype: precision, shape: [90, 20] });
    expect(Array.from(data)).toEqual(quantized[precision].flat());
  });

  test('by the ranges of other vectors, and by given ones', () => {
    const ours = quantizeEmbeddings(corpus, 'int8', { calibration: queries });
    expect(Array.from(ours.data)).toEqual(quantized['int8 by queries'].flat());
    expect(quantizeEmbeddings(corpus, 'int8', { ranges: ours.ranges })).toEqual(ours);
  });
});

test('decoded, a number is in its step and a bit has its sign', async () => {
  const int8 = quantizeEmbeddings(corpus, 'int8');
  const decoded = await sourceOf(int8).read(0, 90);
  for (const [i, value] of corpus.data.entries()) {
    const [least, most] = [int8.ranges[i % 20] as number, int8.ranges[20 + (i % 20)] as number];
    const above = value - (decoded[i] as number);
    expect(above).toBeGreaterThan(-1e-6);
    expect(above).toBeLessThanOrEqual((most - least) / 255 + 1e-6);
  }
  const signs = await sourceOf(quantizeEmbeddings(corpus, 'binary')).read(30, 31);
  expect(Array.from(signs)).toEqual(Array.from(corpus.data.subarray(600, 620), (value) => (value > 0 ? 1 : -1)));
});

test('errors', () => {
  const one: Vectors = { dtype: 'float32', data: Float32Array.of(1, 2), shape: [1, 2] };
  expect(() => quantizeEmbeddings(one, 'int8')).toThrow(/cannot be taken of a single vector; give `ranges`/);
  expect(() => quantizeEmbeddings(one, 'int4' as 'int8')).toThrow(/precision is "int4"; there are: float32, int8/);
  const infinite = { ...one, data: Float32Array.of(1, Number.POSITIVE_INFINITY) };
  for (const precision of ['int8', 'binary'] as const)
    expect(() => quantizeEmbeddings(infinite, precision)).toThrow(/vector 0 contains Infinity/);
  expect(() => quantizeEmbeddings(one, 'int8', { ranges: Float32Array.of(1) })).toThrow(/1 numbers; expected 2 x 2/);
});
