/** @file Vectors in memory, of each precision, and what all searches read: rows of float32, a block at a time. */
import { UserError } from '../platform/errors.js';
import { showValue } from '../platform/show-value.js';

/** Vectors of float32, one behind the other, as `pipeline('feature-extraction')` gives them. */
export interface Vectors {
  readonly dtype: 'float32';
  readonly data: Float32Array;
  /** Number of vectors, and elements of each. */
  readonly shape: readonly [count: number, size: number];
}

/** Vectors of a byte for each element; `quantizeEmbeddings` makes them. */
export interface Int8Vectors {
  readonly dtype: 'int8' | 'uint8';
  readonly data: Int8Array | Uint8Array;
  readonly shape: readonly [count: number, size: number];
  /** The least value of each element, then the greatest: [2, size]. */
  readonly ranges: Float32Array;
}

/**
 * Vectors of a bit for each element: whether it is above 0. Eight elements are a byte, the first its highest bit; `binary`
 * holds the byte less 128. `quantizeEmbeddings` makes them.
 */
export interface BinaryVectors {
  readonly dtype: 'binary' | 'ubinary';
  /** [count, size / 8], rounded up */
  readonly data: Int8Array | Uint8Array;
  /** Number of vectors, and elements (bits) of each. */
  readonly shape: readonly [count: number, size: number];
}

/** Vectors in memory. */
export type AnyVectors = Vectors | Int8Vectors | BinaryVectors;

/** Vectors as a list of rows of the same length, such as an embeddings API returns them. */
export type VectorRows = readonly ArrayLike<number>[];

/** Vectors that are read a block at a time, such as those of a file (`openVectors`). */
export interface VectorSource {
  /** Number of vectors, and elements of each. */
  readonly shape: readonly [count: number, size: number];
  /** The vectors [start, end) as float32, one behind the other; what is returned is read only. */
  read(start: number, end: number): Promise<Float32Array>;
}

/** Vectors of a source that are held in memory at a time: 24 MiB of 384 elements. */
const chunk = 16_384;

/** All vectors of a source, a chunk at a time, with the number of the first of each chunk. */
export async function* chunksOf(
  source: VectorSource,
): AsyncGenerator<{ readonly from: number; readonly vectors: Float32Array }> {
  const [count] = source.shape;
  for (let from = 0; from < count; from += chunk) {
    yield { from, vectors: await source.read(from, Math.min(from + chunk, count)) };
  }
}

/** Vectors as they lie in memory or in a file, before they are decoded to float32. */
export interface StoredVectors {
  readonly dtype: AnyVectors['dtype'];
  readonly shape: readonly [count: number, size: number];
  readonly ranges?: Float32Array | undefined;
}

/** Elements of `data` that a vector takes. */
export const storedSize = ({ dtype, shape: [, size] }: StoredVectors): number =>
  dtype.endsWith('binary') ? Math.ceil(size / 8) : size;

/**
 * Float32 vectors, from rows or as they are.
 *
 * @throws UserError for rows of different lengths, for other formats, and where the parts of vectors do not fit together
 */
export function vectorsOf(given: Vectors | VectorRows, name = 'vectors'): Vectors {
  const vectors = isRows(given) ? joinRows(given, name) : given;
  sourceOf(vectors, name);
  if (vectors.dtype === 'float32') return vectors;
  throw new UserError(`${name}: are ${showValue(vectors.dtype)}; vectors of float32 were expected`);
}

const isRows = (given: AnyVectors | VectorSource | VectorRows): given is VectorRows => Array.isArray(given);

function joinRows(rows: VectorRows, name: string): Vectors {
  const [first] = rows;
  const size = first?.length ?? 0;
  const odd = rows.findIndex((row) => typeof row !== 'object' || row === null || row.length !== size);
  if (odd >= 0) {
    throw new UserError(`${name}: row ${odd} is ${showValue(rows[odd])}; ${size} numbers were expected, as in row 0`);
  }
  return joinVectors(
    rows.map((row) => Float32Array.from(row)),
    size,
  );
}

/**
 * Vectors in memory as a source.
 *
 * @throws UserError for rows of different lengths, and where the parts of vectors do not fit together
 */
export function sourceOf(given: AnyVectors | VectorSource | VectorRows, name = 'vectors'): VectorSource {
  if (typeof given !== 'object' || given === null) {
    throw new UserError(`${name}: is ${showValue(given)}; vectors, a source of them or rows of numbers were expected`);
  }
  const vectors = isRows(given) ? joinRows(given, name) : given;
  if ('read' in vectors) return vectors;
  const { data, shape } = vectors;
  if (!Array.isArray(shape) || !ArrayBuffer.isView(data)) {
    throw new UserError(
      `${name}: data and shape were expected, as in { dtype: 'float32', data: Float32Array, shape: [count, size] }, or rows of numbers`,
    );
  }
  const [count, size] = shape;
  const step = storedSize(vectors);
  if (data.length !== count * step) {
    throw new UserError(`${name}: ${data.length} elements are not ${count} vectors of ${step}, as shape says`);
  }
  if ('ranges' in vectors && vectors.ranges.length !== 2 * size) {
    throw new UserError(`${name}: ranges are ${vectors.ranges.length} numbers; expected 2 x ${size}`);
  }
  return { shape, read: async (start, end) => decode(vectors, data.subarray(start * step, end * step)) };
}

/** Vectors in pieces, one behind the other, as one. */
export function joinVectors(parts: readonly Float32Array[], size: number): Vectors {
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { dtype: 'float32', data, shape: [size === 0 ? 0 : data.length / size, size] };
}

/** Stored vectors as float32: int8 at the lower end of its step, a bit as 1 or -1. */
export function decode(stored: StoredVectors, data: Float32Array | Int8Array | Uint8Array): Float32Array {
  const [, size] = stored.shape;
  if (stored.dtype === 'float32') return data as Float32Array;
  if (stored.dtype.endsWith('binary')) return signsOf(data as Int8Array, size, stored.dtype === 'binary' ? 128 : 0);
  const { starts, steps } = stepsOf(stored.ranges as Float32Array, size);
  const offset = stored.dtype === 'int8' ? 128 : 0;
  return Float32Array.from(data, (value, i) => {
    const at = i % size;
    return (value + offset) * (steps[at] as number) + (starts[at] as number);
  });
}

/** Where each element begins, and how far apart two of its 256 values are; 1 where all vectors agree. */
export function stepsOf(ranges: Float32Array, size: number): { starts: Float32Array; steps: Float32Array } {
  const starts = ranges.subarray(0, size);
  const steps = starts.map((start, i) => Math.fround(Math.fround((ranges[size + i] as number) - start) / 255) || 1);
  return { starts, steps };
}

function signsOf(bytes: Int8Array | Uint8Array, size: number, offset: number): Float32Array {
  const width = Math.ceil(size / 8);
  const signs = new Float32Array((bytes.length / width) * size);
  for (let row = 0, to = 0; to < signs.length; row++) {
    for (let i = 0; i < size; i++) {
      const byte = (bytes[row * width + (i >> 3)] as number) + offset;
      signs[to++] = (byte >> (7 - (i & 7))) & 1 ? 1 : -1;
    }
  }
  return signs;
}

/** Checks that a value is a whole number from `least`. @throws UserError that names the option */
export function checkCount(name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new UserError(`${name} is ${showValue(value)}; it must be a whole number from ${least}`);
}

/**
 * Refuses vectors with NaN or infinity.
 *
 * @throws UserError that names the vector
 */
export function checkFinite({ data, shape: [, size] }: Vectors, name: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new UserError(
    `${name}: vector ${Math.floor(at / size)} contains ${data[at]}; compute it again, or leave it out`,
  );
}
