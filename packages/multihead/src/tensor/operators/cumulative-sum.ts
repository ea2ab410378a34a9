/** @file Running sums of whole numbers along an axis, as positions are counted from a mask. They have no gradient. */
import { operator } from '../operator.js';
import type { Tensor } from '../tensor.js';

/** y_i = x_0 + ... + x_i along an axis, counted from the start. */
export const cumulativeSum = operator<{ axis: number }>('CumSum', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: ([x], { axis }, writer) => writer.node('CumSum', [x as string, writer.constant('int64', [], [axis])]),
});
