/** @file Vectors as rows of numbers, and what is refused instead. */
import { describe, expect, test } from 'vitest';
import { communityDetection } from './community-detection.js';
import { fitLogisticRegression } from './logistic-regression/logistic-regression.js';
import { paraphraseMining } from './paraphrase-mining.js';
import { quantizeEmbeddings } from './quantize-embeddings.js';
import { semanticSearch } from './semantic-search.js';
import type { Vectors } from './vectors.js';

const rows = [
  [1, 0],
  [0.9, 0.1],
  [0, 1],
  [0.1, 0.9],
];
const vectors: Vectors = { dtype: 'float32', data: Float32Array.from(rows.flat()), shape: [4, 2] };

test('rows give what vectors do', async () => {
  expect(await semanticSearch([[1, 0.2]], rows)).toEqual(await semanticSearch([Float32Array.of(1, 0.2)], vectors));
  expect(await communityDetection(rows, { minCommunitySize: 2 })).toEqual(
    await communityDetection(vectors, { minCommunitySize: 2 }),
  );
  expect(await paraphraseMining(rows)).toEqual(await paraphraseMining(vectors));
  expect(quantizeEmbeddings(rows, 'int8')).toEqual(quantizeEmbeddings(vectors, 'int8'));
  expect(await fitLogisticRegression(rows, [0, 0, 1, 1])).toEqual(
    await fitLogisticRegression(vectors, Uint8Array.of(0, 0, 1, 1)),
  );
});

describe('what is not vectors is refused', () => {
  test.each<[unknown, string]>([
    [undefined, 'corpus: is undefined; vectors, a source of them or rows of numbers were expected'],
    [[[1, 0], [1]], 'corpus: row 1 is [1]; 2 numbers were expected, as in row 0'],
    [[[1, 0], 5], 'corpus: row 1 is 5; 2 numbers were expected'],
    [{ vectors: rows }, 'corpus: data and shape were expected'],
  ])('%j', async (corpus, message) => {
    await expect(semanticSearch(vectors, corpus as Vectors)).rejects.toThrow(message);
  });

  test.each<[object, string]>([
    [{ calibration: [[1, Number.NaN]] }, 'calibration: vector 0 contains NaN'],
    [{ calibration: [[1, 2, 3]] }, 'calibration: vectors of 3 elements; expected 2'],
    [{ calibration: [] }, 'calibration: vectors of 0 elements; expected 2'],
    [{ calibration: [[1, 2]] }, 'cannot be taken of a single vector'],
    [{ ranges: Float32Array.of(0, 0, Number.NaN, 1) }, 'element 0 has 0 and NaN'],
    [{ ranges: Float32Array.of(0, 1, 1, 0) }, 'element 1 has 1 and 0'],
  ])('for quantization: %j', (options, message) => {
    expect(() => quantizeEmbeddings(vectors, 'int8', options)).toThrow(message);
  });

  test('bytes are not quantized again', () => {
    const bytes = quantizeEmbeddings(vectors, 'int8') as unknown as Vectors;
    expect(() => quantizeEmbeddings(bytes, 'binary')).toThrow('are "int8"; vectors of float32 were expected');
  });

  test.each<[readonly unknown[], string]>([
    [['a', 'b', 'a', 'b'], 'label 0 is "a"; expected a whole number from 0 to 3: the index of a class'],
    [['0', '1', '0', '1'], 'label 0 is "0"'],
    [[0, 1, 0, 1e9], 'label 3 is 1000000000; expected a whole number from 0 to 3'],
  ])('for a regression: labels %j', async (labels, message) => {
    await expect(fitLogisticRegression(rows, labels as readonly number[])).rejects.toThrow(message);
  });
});
