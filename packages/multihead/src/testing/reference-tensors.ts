/** @file Tensors that a Python peer wrote as references, and how far others are from them. */
import type { TensorValue } from '../engine/engine.js';
import type { SafetensorsFile } from '../models/checkpoint/safetensors.js';

/** The tensors whose names begin with a prefix, by the rest of their names. */
export async function tensorsOf(file: SafetensorsFile, prefix: string): Promise<Record<string, TensorValue>> {
  const names = file.names.filter((name) => name.startsWith(prefix));
  const read = async (name: string): Promise<[string, TensorValue]> => {
    const { dtype, shape } = file.info(name);
    if (dtype !== 'I64')
      return [name.slice(prefix.length), { dtype: 'float32', shape, data: await file.readFloat32(name) }];
    return [name.slice(prefix.length), { dtype: 'int64', shape, data: await file.readInt64(name) }];
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/** The largest absolute value. */
export const largest = (numbers: ArrayLike<number | bigint>): number =>
  Array.from(numbers, (x) => Math.abs(Number(x))).reduce((a, b) => Math.max(a, b), 0);

/** The largest absolute difference of numbers at the same place. */
export const largestDifference = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number =>
  largest(Array.from(a, (x, i) => Number(x) - Number(b[i])));
