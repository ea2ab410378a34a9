/** @file Everything that Multihead offers. What is not exported here is not for use. */
import { evaluateTensors } from './engine/evaluate.js';
import { setEvaluator } from './tensor/evaluator.js';

setEvaluator(evaluateTensors);

export { UserError } from './errors.js';
export type { DType, NestedNumbers, TypedData } from './tensor/dtype.js';
export { gradient } from './tensor/gradient.js';
export type { Dimension, Shape } from './tensor/shape.js';
export { concatenate, type Operand, type Tensor, tensor } from './tensor/tensor.js';
