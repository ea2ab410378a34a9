/** @file The element types of tensors, and the typed array that holds each. */

/** Element type of a tensor. `bool` is held as bytes, 0 or 1; `int64` as BigInt64Array, as ONNX Runtime wants it. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool';

/** A typed array with the elements of a tensor. */
export type TypedData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** Numbers, nested as the tensor's dimensions are: `1`, `[1, 2]`, `[[1, 2], [3, 4]]`. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** A typed array of the dtype from plain numbers. */
export function typedData(dtype: DType, values: ArrayLike<number | bigint | boolean>): TypedData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values as ArrayLike<number>, Number);
    case 'int32':
      return Int32Array.from(values as ArrayLike<number>, Number);
    case 'bool':
      return Uint8Array.from(values as ArrayLike<number>, Number);
    case 'int64':
      return BigInt64Array.from(values as ArrayLike<bigint>, BigInt);
  }
}

/** ONNX's numbers for the element types, which Cast names its target by. */
export const onnxNumber: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
