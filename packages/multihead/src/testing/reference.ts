/** @file Reads reference fixtures that Python wrote, and compares with them. Not part of the package. */
import type { TensorValue, Values } from '../engine/engine.js';
import type { SafetensorsFile } from '../models/checkpoint/safetensors.js';

/** The tensors of a file whose names begin with a prefix, by the rest of their names. */
export async function readValues(file: SafetensorsFile, prefix: string): Promise<Values> {
  const read = async (name: string): Promise<[string, TensorValue]> => {
    const { dtype, shape } = file.info(name);
    const value: TensorValue =
      dtype === 'I64'
        ? { dtype: 'int64', shape, data: await file.readInt64(name) }
        : { dtype: 'float32', shape, data: await file.readFloat32(name) };
    return [name.slice(prefix.length), value];
  };
  return Object.fromEntries(await Promise.all(file.names.filter((name) => name.startsWith(prefix)).map(read)));
}

/** The largest absolute value. */
export const largest = (numbers: ArrayLike<number | bigint>): number =>
  Array.from(numbers, (x) => Math.abs(Number(x))).reduce((a, b) => Math.max(a, b), 0);

/** The largest absolute difference of two lists of one length; NaN where they hold one. */
export function largestDifference(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  if (a.length !== b.length) throw new Error(`lists of ${a.length} and ${b.length} numbers cannot be compared`);
  return largest(Array.from(a, (x, i) => Number(x) - Number(b[i])));
}
