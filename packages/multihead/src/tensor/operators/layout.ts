/** @file Operators that move elements without computing: reshape, transpose, concat, slice, cast. */
import { UserError } from '../../platform/errors.js';
import { type DType, onnxNumber } from '../dtype.js';
import { type Operator, operator } from '../operator.js';
import { type Dimension, formatShape, product, type Shape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** The same elements in the same order under another shape. */
export const reshape = operator<{ shape: Shape }>('Reshape', {
  shape: ([x], { shape }) => {
    const from = (x as Tensor).shape;
    if (product(from) !== product(shape)) {
      throw new UserError(`reshape: ${formatShape(from)} does not have as many elements as ${formatShape(shape)}`);
    }
    return shape;
  },
  onnx: ([x], { shape }, writer, node) => {
    const from = (node.inputs[0] as Tensor).shape;
    // 0 copies the size at the same place and -1 stands for one size that follows: no size need be computed at run time.
    const copied = shape.map((d, i) => (typeof d === 'number' ? d : d === from[i] ? 0 : -1));
    const target =
      copied.filter((d) => d === -1).length <= 1
        ? writer.constant('int64', [shape.length], copied)
        : writer.sizes(shape);
    return writer.node('Reshape', [x as string, target]);
  },
  gradient: ({ inputs: [x], upstream }) => [upstream.reshape((x as Tensor).shape)],
});

/** Axes in another order: output axis i is input axis order[i]. */
export const permute = operator<{ order: readonly number[] }>('Transpose', {
  shape: ([x], { order }) => {
    const { shape } = x as Tensor;
    if (order.length !== shape.length || new Set(order).size !== order.length || order.some((o) => !(o in shape))) {
      throw new UserError(`permute: [${order}] is no order of the axes of ${formatShape(shape)}`);
    }
    return order.map((axis) => shape[axis] as Dimension);
  },
  onnx: (inputs, { order }, writer) => writer.node('Transpose', inputs, { perm: order }),
  gradient: ({ upstream, attributes: { order } }) => [upstream.permute(order.map((_, axis) => order.indexOf(axis)))],
});

/** Tensors one after the other along an axis. */
export const concat = operator<{ axis: number }>('Concat', {
  shape: (inputs, { axis }) => {
    const [first, ...others] = inputs as [Tensor, ...Tensor[]];
    const without = (x: Tensor) => x.shape.filter((_, i) => i !== axis);
    for (const other of others) {
      if (!sameShape(without(first), without(other))) {
        const shapes = inputs.map((x) => formatShape(x.shape)).join(' and ');
        throw new UserError(`concat: shapes differ elsewhere than along axis ${axis}: ${shapes}`);
      }
    }
    const sizes = inputs.map((x) => x.shape[axis] as Dimension);
    const total = sizes.every((d) => typeof d === 'number') ? sizes.reduce((a, b) => a + b, 0) : sizes.join('+');
    return first.shape.map((d, i) => (i === axis ? total : d));
  },
  onnx: (inputs, { axis }, writer) => writer.node('Concat', inputs, { axis }),
  gradient: ({ inputs, upstream, attributes: { axis } }) => {
    let start = 0;
    return inputs.map((x) => {
      const size = x.shape[axis];
      if (typeof size !== 'number') throw new UserError(`concat: no gradient along the named axis ${size}`);
      start += size;
      return slice([upstream], { axis, start: start - size, end: start });
    });
  },
});

/** Where a slice begins and ends along its axis: the elements start <= i < end. */
export interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  /** undefined: to the end; negative: counted from the end */
  readonly end: number | undefined;
}

function slicedDimension(size: Dimension, { start, end }: SliceAttributes): Dimension {
  if (typeof size !== 'number') {
    if (end !== undefined && end >= 0) return end - start;
    const removed = start - (end ?? 0);
    return removed === 0 ? size : `${size}-${removed}`;
  }
  const stop = end === undefined ? size : end < 0 ? size + end : end;
  if (start < 0 || stop > size || start > stop) {
    throw new UserError(`slice: [${start}, ${stop}) does not lie in an axis of size ${size}`);
  }
  return stop - start;
}

/** A range along one axis. */
export const slice: Operator<SliceAttributes> = operator<SliceAttributes>('Slice', {
  shape: ([x], attributes) =>
    (x as Tensor).shape.map((d, i) => (i === attributes.axis ? slicedDimension(d, attributes) : d)),
  onnx: ([x], { axis, start, end }, writer) => {
    const vector = (value: number) => writer.constant('int64', [1], [value]);
    // ONNX writes "to the end" as the largest number.
    return writer.node('Slice', [x as string, vector(start), vector(end ?? 2 ** 53), vector(axis)]);
  },
  gradient: ({ inputs: [x], upstream, attributes: { axis, start } }) => [
    embed([upstream, x as Tensor], { axis, start }),
  ],
});

/** The transpose of slice: zeros in the shape of the second input, with the first laid in from `start` along the axis. */
const embed: Operator<{ axis: number; start: number }> = operator<{ axis: number; start: number }>('Pad', {
  shape: ([, whole]) => (whole as Tensor).shape,
  onnx: ([part, whole], { axis, start }, writer) => {
    const index = writer.constant('int64', [1], [axis]);
    const size = (name: string) => writer.node('Gather', [writer.node('Shape', [name]), index], { axis: 0 });
    const before = writer.constant('int64', [1], [start]);
    const missing = writer.node('Sub', [size(whole as string), size(part as string)]);
    const pads = writer.node('Concat', [before, writer.node('Sub', [missing, before])], { axis: 0 });
    return writer.node('Pad', [part as string, pads, '', index]);
  },
  gradient: ({ inputs: [part], upstream, attributes: { axis, start } }) => {
    const size = (part as Tensor).shape[axis];
    if (typeof size !== 'number') throw new UserError(`slice: no second gradient along the named axis ${size}`);
    return [slice([upstream], { axis, start, end: start + size }), undefined];
  },
});

/**
 * The sum of two gradients of one tensor. Where both are slices' that lie side by side, such as those of queries, keys and
 * values of one product, they are laid together instead of filled up with zeros and added: a quarter of the traffic.
 */
export const addGradients = (a: Tensor, b: Tensor): Tensor => sideBySide(a, b) ?? sideBySide(b, a) ?? a.add(b);

function sideBySide(left: Tensor, right: Tensor): Tensor | undefined {
  if (left.node.definition !== embed.definition || right.node.definition !== embed.definition) return undefined;
  const [first, whole] = left.node.inputs as [Tensor, Tensor];
  const [second, other] = right.node.inputs as [Tensor, Tensor];
  const { axis, start } = left.node.attributes as { axis: number; start: number };
  const next = right.node.attributes as { axis: number; start: number };
  if (whole !== other || axis !== next.axis || start + Number(first.shape[axis]) !== next.start) return undefined;
  const pieces = [first, second].flatMap((part) => piecesAlong(part, axis));
  const together = concat(pieces, { axis });
  return sameShape(together.shape, whole.shape) ? together : embed([together, whole], { axis, start });
}

/** What a tensor was put together of along an axis; itself where it was not. */
function piecesAlong(tensor: Tensor, axis: number): readonly Tensor[] {
  const { definition, attributes, inputs } = tensor.node;
  const isConcat = definition === concat.definition && (attributes as { axis: number }).axis === axis;
  return isConcat ? inputs : [tensor];
}

/** Another element type. The gradient goes back through floating-point casts only. */
export const cast = operator<{ dtype: DType }>('Cast', {
  shape: ([x]) => (x as Tensor).shape,
  dtype: (_, { dtype }) => dtype,
  onnx: (inputs, { dtype }, writer) => writer.node('Cast', inputs, { to: onnxNumber[dtype] }),
  gradient: ({ inputs: [x], upstream, attributes: { dtype } }) => [
    dtype === 'float32' && x?.dtype === 'float32' ? upstream : undefined,
  ],
});
