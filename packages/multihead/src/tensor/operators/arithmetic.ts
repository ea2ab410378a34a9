/** @file Operators of two inputs that broadcast: sum, difference, product, quotient, power, larger and smaller of two. */
import { UserError } from '../../platform/errors.js';
import type { DType } from '../dtype.js';
import { type OperatorDefinition, operator } from '../operator.js';
import { broadcastShapes } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { sumTo } from './broadcast.js';

interface Both {
  a: Tensor;
  b: Tensor;
  y: Tensor;
  dy: Tensor;
}

function sameDType(name: string, [a, b]: readonly Tensor[]): DType {
  if (a?.dtype !== b?.dtype) {
    throw new UserError(`${name}: element types differ: ${a?.dtype} and ${b?.dtype}. Convert one of them with cast().`);
  }
  return a?.dtype as DType;
}

/** An operator of two inputs; the gradients are given in the output's shape, and summed to each input's here. */
function binary(name: string, gradients: (call: Both) => readonly [Tensor | undefined, Tensor | undefined]) {
  return operator(name, {
    shape: ([a, b]) => broadcastShapes(name.toLowerCase(), (a as Tensor).shape, (b as Tensor).shape),
    dtype: (inputs) => sameDType(name.toLowerCase(), inputs),
    onnx: (inputs, _, writer) => writer.node(name, inputs),
    gradient: ({ inputs, output: y, upstream: dy }) => {
      const [a, b] = inputs as [Tensor, Tensor];
      const [da, db] = gradients({ a, b, y, dy });
      return [da && sumTo(da, a.shape), db && sumTo(db, b.shape)];
    },
  });
}

/** a + b */
export const add = binary('Add', ({ dy }) => [dy, dy]);
/** a - b */
export const sub = binary('Sub', ({ dy }) => [dy, dy.neg()]);
/** a * b, element by element */
export const mul = binary('Mul', ({ a, b, dy }) => [dy.mul(b), dy.mul(a)]);
/** a / b */
export const div = binary('Div', ({ b, y, dy }) => [dy.div(b), dy.mul(y).div(b).neg()]);
/** a^b for a > 0 */
export const pow = binary('Pow', ({ a, b, y, dy }) => [dy.mul(b).mul(a.pow(b.sub(1))), dy.mul(y).mul(a.log())]);
/** The larger of a and b; where they are equal, the gradient goes to a. */
export const maximum = binary('Max', ({ a, b, dy }) => [a.less(b).where(0, dy), a.less(b).where(dy, 0)]);
/** The smaller of a and b; where they are equal, the gradient goes to a. */
export const minimum = binary('Min', ({ a, b, dy }) => [a.greater(b).where(0, dy), a.greater(b).where(dy, 0)]);

/** A comparison: its output is bool, and it has no gradient. */
function comparison(name: string, onnx?: OperatorDefinition<Record<string, never>>['onnx']) {
  return operator(name, {
    shape: ([a, b]) => broadcastShapes(name.toLowerCase(), (a as Tensor).shape, (b as Tensor).shape),
    dtype: (inputs) => {
      if (!['And', 'Or'].includes(name)) sameDType(name.toLowerCase(), inputs);
      return 'bool';
    },
    onnx: onnx ?? ((inputs, _, writer) => writer.node(name, inputs)),
  });
}

/** a = b */
export const equal = comparison('Equal');
/** a < b */
export const less = comparison('Less');
/** a > b */
export const greater = comparison('Greater');
/** a and b, both bool */
export const and = comparison('And');
/** a or b, both bool */
export const or = comparison('Or', (inputs, _, writer) => {
  if (writer.target === 'cpu') return writer.node('Or', inputs);
  // The WebGPU provider has no kernel for it: not both are false.
  const [a, b] = inputs.map((input) => writer.node('Not', [input])) as [string, string];
  return writer.node('Not', [writer.node('And', [a, b])]);
});
