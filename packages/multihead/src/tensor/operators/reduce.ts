/** @file Reductions along axes: sum, mean, maximum. */
import { operator } from '../operator.js';
import { product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Which axes are reduced (counted from the start), and whether they stay as dimensions of size 1. */
export interface ReduceAttributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

const reducedShape = (shape: Shape, { axes, keepDims }: ReduceAttributes): Shape =>
  shape.flatMap((d, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [d]));

/** The reduced tensor with its axes back as dimensions of size 1, so that it broadcasts against the input. */
function withKeptDims(reduced: Tensor, input: Tensor, attributes: ReduceAttributes): Tensor {
  return attributes.keepDims ? reduced : reduced.reshape(reducedShape(input.shape, { ...attributes, keepDims: true }));
}

function reduction(name: string, gradient: (call: ReductionGradient) => Tensor) {
  return operator<ReduceAttributes>(name, {
    shape: ([x], attributes) => reducedShape((x as Tensor).shape, attributes),
    onnx: ([x], { axes, keepDims }, writer) =>
      writer.node(name, [x as string, writer.constant('int64', [axes.length], axes)], { keepdims: keepDims ? 1 : 0 }),
    gradient: ({ inputs, output, upstream, attributes }) => {
      const x = inputs[0] as Tensor;
      return [
        gradient({ x, attributes, y: withKeptDims(output, x, attributes), dy: withKeptDims(upstream, x, attributes) }),
      ];
    },
  });
}

interface ReductionGradient {
  x: Tensor;
  /** output and upstream gradient, with the reduced axes as dimensions of size 1 */
  y: Tensor;
  dy: Tensor;
  attributes: ReduceAttributes;
}

/** Sum along axes. */
export const sum = reduction('ReduceSum', ({ x, dy }) => dy.expand(x.shape));

/** Mean along axes: the gradient is shared out equally. */
export const mean = reduction('ReduceMean', ({ x, dy, attributes: { axes } }) => {
  const count = product(axes.map((axis) => x.shape[axis] as number));
  const share = typeof count === 'number' ? dy.div(count) : dy.div(x.size(axes));
  return share.expand(x.shape);
});

/** Maximum along axes: the gradient goes to the largest element, shared out where several are. */
export const max = reduction('ReduceMax', ({ x, y, dy, attributes: { axes } }) => {
  const isMax = x.equal(y.expand(x.shape)).cast('float32');
  return isMax.mul(dy).div(isMax.sum(axes, { keepDims: true }));
});

/** Index of the largest element along one axis, the first where several are; int64. It has no gradient. */
export const argMax = operator<{ axis: number }>('ArgMax', {
  shape: ([x], { axis }) => (x as Tensor).shape.filter((_, i) => i !== axis),
  dtype: () => 'int64',
  onnx: (inputs, { axis }, writer) => writer.node('ArgMax', inputs, { axis, keepdims: 0 }),
});
