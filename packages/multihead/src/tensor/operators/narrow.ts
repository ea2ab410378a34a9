/** @file A stretch of an axis whose place and length may be known only when the graph runs. For inference: no gradient. */
import { operator } from '../operator.js';
import type { Dimension } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** The elements start <= i < start + length along an axis. */
export interface NarrowAttributes {
  readonly axis: number;
  /** A negative number counts from the end. */
  readonly start: Dimension;
  readonly length: Dimension;
}

/** A stretch of an axis (PyTorch's narrow). `tensor.slice` is for numbers known beforehand, and has a gradient. */
export const narrow = operator<NarrowAttributes>('Narrow', {
  shape: ([x], { axis, length }) => (x as Tensor).shape.map((d, i) => (i === axis ? length : d)),
  onnx: ([x], { axis, start, length }, writer) => {
    const from = writer.size(start);
    // Counted from the end, the end itself would be 0; ONNX writes it as the largest number.
    const isToEnd = typeof start === 'number' && start < 0 && start === -Number(length);
    const end = isToEnd ? writer.constant('int64', [1], [2 ** 53]) : writer.node('Add', [from, writer.size(length)]);
    return writer.node('Slice', [x as string, from, end, writer.constant('int64', [1], [axis])]);
  },
});
