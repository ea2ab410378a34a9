/** @file Creates tensors: from numbers, as named inputs, and by joining other tensors. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames } from '../platform/option-names.js';
import { type DType, type NestedNumbers, type TypedData, typedData } from './dtype.js';
import { concat } from './operators/layout.js';
import { constant, input as inputOperator } from './operators/sources.js';
import { formatShape, normalizeAxis, type Shape } from './shape.js';
import type { Tensor } from './tensor.js';

/**
 * Creates a tensor from numbers.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * await x.matmul(x).data(); // Float32Array [7, 10, 15, 22]
 */
export function tensor(
  values: NestedNumbers | TypedData,
  options: { dtype?: DType; shape?: readonly number[] } = {},
): Tensor {
  checkOptionNames(options, ['dtype', 'shape'], 'tensor');
  const dtype = options.dtype ?? dtypeOf(values);
  if (isTyped(values)) return constantOf(values, dtype, options.shape ?? [values.length]);
  const shape: number[] = [];
  for (let level: NestedNumbers = values; Array.isArray(level); level = level[0] as NestedNumbers)
    shape.push(level.length);
  const flat = Array.isArray(values) ? values.flat(Number.POSITIVE_INFINITY as 20) : [values];
  return constantOf(typedData(dtype, flat as number[]), dtype, options.shape ?? shape);
}

const isTyped = (values: NestedNumbers | TypedData): values is TypedData => ArrayBuffer.isView(values);

function dtypeOf(values: NestedNumbers | TypedData): DType {
  if (values instanceof BigInt64Array) return 'int64';
  if (values instanceof Int32Array) return 'int32';
  if (values instanceof Uint8Array || typeof values === 'boolean') return 'bool';
  if (Array.isArray(values) && values.length > 0) return dtypeOf(values[0] as NestedNumbers);
  return 'float32';
}

function constantOf(data: TypedData, dtype: DType, shape: readonly number[]): Tensor {
  if (data.length !== shape.reduce((a, b) => a * b, 1)) {
    throw new UserError(`tensor: ${data.length} elements do not fill the shape ${formatShape(shape)}`);
  }
  return constant([], { dtype, shape, data });
}

/**
 * Creates a named input, whose elements are given when the graph runs, such as a model's input or a batch's labels.
 *
 * @param shape dimensions that are known only then go by names, such as `batch_size`
 * @example
 * const inputIds = input('input_ids', 'int64', ['batch_size', 'sequence_length']);
 */
export function input(name: string, dtype: DType, shape: Shape): Tensor {
  return inputOperator([], { name, dtype, shape });
}

/**
 * Concatenates tensors along an axis.
 *
 * @example
 * await concatenate([tensor([1, 2]), tensor([3])], 0).data(); // Float32Array [1, 2, 3]
 */
export function concatenate(tensors: readonly [Tensor, ...Tensor[]], axis: number): Tensor {
  return concat(tensors, { axis: normalizeAxis('concatenate', axis, tensors[0].shape) });
}
