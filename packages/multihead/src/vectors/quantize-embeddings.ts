/** @file Vectors in fewer bytes, as `quantize_embeddings` of sentence-transformers makes them. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import {
  type BinaryVectors,
  checkFinite,
  type Int8Vectors,
  stepsOf,
  type VectorRows,
  type Vectors,
  vectorsOf,
} from './vectors.js';

/** A number format of vectors. */
export type Precision = 'float32' | 'int8' | 'uint8' | 'binary' | 'ubinary';

/** All of {@link Precision}. */
export const precisions: readonly Precision[] = ['float32', 'int8', 'uint8', 'binary', 'ubinary'];

/** Options of {@link quantizeEmbeddings}. */
export interface QuantizeEmbeddingsOptions {
  /** For int8 and uint8: the least value of each element, then the greatest, [2, size]. Default: of `calibration`. */
  readonly ranges?: Float32Array | undefined;
  /** Vectors whose ranges are taken. Default: those to be quantized, of which there must then be more than one. */
  readonly calibration?: Vectors | VectorRows | undefined;
}

const optionNames = namesOf<QuantizeEmbeddingsOptions>({ ranges: true, calibration: true });

/**
 * Stores vectors in fewer bytes: `int8` and `uint8` take a quarter, `binary` and `ubinary` a thirty-second of float32's. Of an
 * element x whose ranges are min and max:
 *
 *     uint8  = floor((x - min) / ((max - min) / 255)), clipped to 0 ... 255    int8 = uint8 - 128
 *     ubinary: the bit x > 0, eight to a byte, the first its highest           binary = ubinary - 128
 *
 * @param vectors [count, size]
 * @returns [count, size] bytes with ranges [2, size]; of bits [count, size / 8] bytes, rounded up
 * @throws UserError for data that does not fit its shape, for vectors with NaN or infinity, for ranges that are not 2 x size
 *   numbers, for a single vector without ranges, and for a precision that does not exist
 * @example
 * import { quantizeEmbeddings } from 'multihead/vectors';
 * const vectors = { dtype: 'float32', data: Float32Array.of(0.5, -1, 0.25, 1), shape: [2, 2] } as const;
 * quantizeEmbeddings(vectors, 'int8').data; // Int8Array [127, -128, -128, 127]
 */
export function quantizeEmbeddings(
  vectors: Vectors | VectorRows,
  precision: 'int8' | 'uint8',
  options?: QuantizeEmbeddingsOptions,
): Int8Vectors;
export function quantizeEmbeddings(
  vectors: Vectors | VectorRows,
  precision: 'binary' | 'ubinary',
  options?: QuantizeEmbeddingsOptions,
): BinaryVectors;
export function quantizeEmbeddings(
  vectors: Vectors | VectorRows,
  precision: Precision,
  options?: QuantizeEmbeddingsOptions,
): Vectors | Int8Vectors | BinaryVectors;
export function quantizeEmbeddings(
  given: Vectors | VectorRows,
  precision: Precision,
  options: QuantizeEmbeddingsOptions = {},
): Vectors | Int8Vectors | BinaryVectors {
  checkOptionNames(options, optionNames, 'quantizeEmbeddings');
  const vectors = vectorsOf(given);
  checkFinite(vectors, 'quantizeEmbeddings');
  switch (precision) {
    case 'float32':
      return vectors;
    case 'int8':
    case 'uint8':
      return scalars(
        vectors,
        precision,
        options.ranges ?? calibrated(options.calibration ?? vectors, vectors, precision),
      );
    case 'binary':
    case 'ubinary':
      return bits(vectors, precision);
  }
  throw new UserError(`precision is ${JSON.stringify(precision)}; there are: ${precisions.join(', ')}`);
}

function calibrated(given: Vectors | VectorRows, { shape: [, size] }: Vectors, precision: string): Float32Array {
  const calibration = vectorsOf(given, 'calibration');
  checkFinite(calibration, 'calibration');
  if (calibration.shape[1] !== size) {
    throw new UserError(
      `calibration: vectors of ${calibration.shape[1]} elements; expected ${size}, as those to be quantized`,
    );
  }
  return rangesOf(calibration, precision);
}

function rangesOf({ data, shape: [count, size] }: Vectors, precision: string): Float32Array {
  if (count < 2) {
    throw new UserError(
      `quantizeEmbeddings: the ranges of ${precision} cannot be taken of ${count === 0 ? 'no vectors' : 'a single vector'}; give \`ranges\`, or vectors for \`calibration\``,
    );
  }
  const ranges = new Float32Array(2 * size);
  ranges.fill(Number.POSITIVE_INFINITY, 0, size).fill(Number.NEGATIVE_INFINITY, size);
  for (const [i, value] of data.entries()) {
    const at = i % size;
    if (value < (ranges[at] as number)) ranges[at] = value;
    if (value > (ranges[size + at] as number)) ranges[size + at] = value;
  }
  return ranges;
}

function scalars({ data, shape }: Vectors, dtype: 'int8' | 'uint8', ranges: Float32Array): Int8Vectors {
  const [, size] = shape;
  if (ranges.length !== 2 * size) {
    throw new UserError(`quantizeEmbeddings: ranges are ${ranges.length} numbers; expected 2 x ${size}`);
  }
  const odd = ranges.subarray(0, size).findIndex((least, i) => !(least <= (ranges[size + i] as number)));
  if (odd >= 0 || !ranges.every(Number.isFinite)) {
    throw new UserError(
      'quantizeEmbeddings: ranges must be finite: the least value of each element, then the greatest' +
        (odd >= 0 ? `; element ${odd} has ${ranges[odd]} and ${ranges[size + odd]}` : ''),
    );
  }
  const { starts, steps } = stepsOf(ranges, size);
  const quantized = dtype === 'int8' ? new Int8Array(data.length) : new Uint8Array(data.length);
  const offset = dtype === 'int8' ? 128 : 0;
  for (let i = 0; i < data.length; i++) {
    const at = i % size;
    // In float32 throughout, as NumPy computes it: a last bit decides where a step begins.
    const above = Math.fround((data[i] as number) - (starts[at] as number));
    const step = Math.floor(Math.fround(above / (steps[at] as number)));
    quantized[i] = Math.min(255, Math.max(0, step)) - offset;
  }
  return { dtype, data: quantized, shape, ranges };
}

function bits({ data, shape }: Vectors, dtype: 'binary' | 'ubinary'): BinaryVectors {
  const [count, size] = shape;
  const width = Math.ceil(size / 8);
  const packed = new Uint8Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      const at = row * width + (i >> 3);
      if ((data[row * size + i] as number) > 0) packed[at] = (packed[at] as number) | (128 >> (i & 7));
    }
  }
  return { dtype, data: dtype === 'ubinary' ? packed : Int8Array.from(packed, (byte) => byte - 128), shape };
}
