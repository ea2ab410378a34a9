/** @file `multihead/tensor`: lazy tensors and automatic differentiation. */
import '../engine/evaluate.js';

export type { TensorValue, Values } from '../engine/engine.js';
export type { Random } from '../platform/random.js';
export type { DType, NestedNumbers, TypedData } from '../tensor/dtype.js';
export { concatenate, input, tensor } from '../tensor/factories.js';
export { gradient } from '../tensor/gradient.js';
export type { GraphTarget } from '../tensor/operator.js';
export type { LinearAttributes } from '../tensor/operators/linear.js';
export type { Dimension, Shape } from '../tensor/shape.js';
export { type Operand, type ReduceOptions, Tensor } from '../tensor/tensor.js';
