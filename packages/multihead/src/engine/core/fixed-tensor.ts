/** @file Tensors of a resident state that do not grow, such as an encoder's output. */
import type { DType, TypedData } from '../../tensor/dtype.js';

/** A tensor of a resident state that is replaced as a whole. */
export interface FixedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedData;
}

/** Data as words of 4 bytes, whatever the element type. */
export const wordsOf = ({ buffer, byteOffset, byteLength }: TypedData): Int32Array =>
  new Int32Array(buffer, byteOffset, byteLength / 4);

/** Gathers rows of a tensor: row i is row rows[i]. */
export function gathered({ dtype, shape, data }: FixedTensor, rows: readonly number[]): FixedTensor {
  const words = wordsOf(data);
  const width = words.length / (shape[0] as number);
  const result = new Int32Array(rows.length * width);
  for (const [to, from] of rows.entries()) result.set(words.subarray(from * width, (from + 1) * width), to * width);
  const made = dtype === 'int64' ? new BigInt64Array(result.buffer) : new Float32Array(result.buffer);
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: made };
}
