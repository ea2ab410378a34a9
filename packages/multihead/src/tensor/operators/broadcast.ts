/** @file Broadcasting made explicit, and its transpose: summing over what was broadcast. */

import { UserError } from '../../platform/errors.js';
import { operator } from '../operator.js';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Sums a tensor over the dimensions along which `shape` was broadcast to it; the transpose of expand. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const added = tensor.shape.length - shape.length;
  const leading = Array.from({ length: added }, (_, axis) => axis);
  const stretched = shape.flatMap((d, i) => (d === 1 && tensor.shape[i + added] !== 1 ? [i + added] : []));
  let sum = tensor;
  if (stretched.length > 0) sum = sum.sum(stretched, { keepDims: true });
  if (leading.length > 0) sum = sum.sum(leading);
  return sum;
}

/** Repeats a tensor along dimensions of size 1 up to a shape. */
export const expand = operator<{ shape: Shape }>('Expand', {
  shape: ([x], { shape }) => {
    const result = broadcastShapes('expand', (x as Tensor).shape, shape);
    if (!sameShape(result, shape)) {
      throw new UserError(`expand: ${formatShape((x as Tensor).shape)} cannot be expanded to ${formatShape(shape)}`);
    }
    return shape;
  },
  onnx: ([x], { shape }, writer) => writer.node('Expand', [x as string, writer.sizes(shape)]),
  gradient: ({ inputs: [x], upstream }) => [sumTo(upstream, (x as Tensor).shape)],
});
