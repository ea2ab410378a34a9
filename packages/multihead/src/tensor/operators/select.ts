/** @file Operators that choose elements: by condition, by row number, by index along an axis. */
import { UserError } from '../../platform/errors.js';
import { tensor } from '../factories.js';
import { type Operator, operator } from '../operator.js';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { sumTo } from './broadcast.js';

/** condition ? a : b, element by element, all three broadcast. */
export const where = operator('Where', {
  shape: ([condition, a, b]) =>
    broadcastShapes(
      'where',
      (condition as Tensor).shape,
      broadcastShapes('where', (a as Tensor).shape, (b as Tensor).shape),
    ),
  dtype: ([condition, a, b]) => {
    if (condition?.dtype !== 'bool') throw new UserError(`where: the condition is ${condition?.dtype}, not bool`);
    if (a?.dtype !== b?.dtype) throw new UserError(`where: element types differ: ${a?.dtype} and ${b?.dtype}`);
    return (a as Tensor).dtype;
  },
  onnx: (inputs, _, writer) => writer.node('Where', inputs),
  gradient: ({ inputs, upstream: dy }) => {
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
    return [undefined, sumTo(condition.where(dy, 0), a.shape), sumTo(condition.where(0, dy), b.shape)];
  },
});

/** The row of a table that gets no gradient: the padding token's embedding (PyTorch's padding_idx). */
interface PaddingAttributes {
  readonly paddingIndex?: number | undefined;
}

/** Rows of a table by number: table [rows, ...], indices any shape, output [...indices, ...row]. */
export const gather: Operator<PaddingAttributes> = operator<PaddingAttributes>('Gather', {
  shape: ([table, indices]) => [...(indices as Tensor).shape, ...(table as Tensor).shape.slice(1)],
  onnx: (inputs, _, writer) => writer.node('Gather', inputs, { axis: 0 }),
  gradient: ({ inputs, upstream, attributes: { paddingIndex } }) => {
    const [table, indices] = inputs as [Tensor, Tensor];
    return [scatterRows([indices, upstream], { shape: table.shape, paddingIndex }), undefined];
  },
});

/** The shape of the table that rows are added to. */
export interface ScatterRowsAttributes extends PaddingAttributes {
  readonly shape: Shape;
}

/**
 * The transpose of gather: zeros, with rows added at their numbers (equal numbers add up). The engine does not run it
 * where it is a parameter's whole gradient: it adds the few rows into the gradient buffer itself.
 */
export const scatterRows: Operator<ScatterRowsAttributes> = operator<ScatterRowsAttributes>('ScatterRows', {
  shape: (_, { shape }) => shape,
  dtype: ([, rows]) => (rows as Tensor).dtype,
  onnx: ([indices, rows], { shape, paddingIndex }, writer) => {
    const zeros = writer.node('Expand', [writer.constant('float32', [], [0]), writer.sizes(shape)]);
    const places = writer.node('Unsqueeze', [indices as string, writer.constant('int64', [1], [-1])]);
    const sum = writer.node('ScatterND', [zeros, places, rows as string], { reduction: 'add' });
    if (paddingIndex === undefined) return sum;
    const padding = writer.constant('int64', [1, 1], [paddingIndex]);
    const width = writer.constant('int64', [2], [1, shape.at(-1) as number]);
    const nothing = writer.node('Expand', [writer.constant('float32', [], [0]), width]);
    return writer.node('ScatterND', [sum, padding, nothing]);
  },
  gradient: ({ inputs: [indices], upstream, attributes: { paddingIndex } }) => [
    undefined,
    gather([upstream, indices as Tensor], { paddingIndex }),
  ],
});

/** One element a row: output[..., j] = x[..., indices[..., j]] along the last axis; the shapes agree elsewhere. */
export const gatherLast: Operator<Record<string, never>> = operator('GatherElements', {
  shape: ([x, indices]) => {
    const [from, at] = [(x as Tensor).shape, (indices as Tensor).shape];
    if (!sameShape(from.slice(0, -1), at.slice(0, -1))) {
      throw new UserError(
        `gatherLast: shapes differ before the last axis: ${formatShape(from)} and ${formatShape(at)}`,
      );
    }
    return at;
  },
  onnx: (inputs, _, writer) => writer.node('GatherElements', inputs, { axis: -1 }),
  gradient: ({ inputs, upstream }) => {
    const [x, indices] = inputs as [Tensor, Tensor];
    return [scatterLast([indices, upstream], { shape: x.shape }), undefined];
  },
});

/** The transpose of gatherLast: zeros, with elements added at their indices along the last axis. */
const scatterLast = ([indices, elements]: readonly [Tensor, Tensor], { shape }: { shape: Shape }): Tensor =>
  addLast([tensor(0).expand(shape), indices, elements], {});

/** x with elements added at their indices along the last axis; the shapes of indices and elements agree. */
export const addLast: Operator<Record<string, never>> = operator('ScatterElements', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, _, writer) => writer.node('ScatterElements', inputs, { axis: -1, reduction: 'add' }),
  gradient: ({ inputs: [, indices], upstream }) => [upstream, undefined, gatherLast([upstream, indices as Tensor], {})],
});
