/**
 * @file From a padded batch to the rows of its tokens alone, and back (Zeng et al. 2022, "Boosting Distributed Training
 * Performance of the Unpadded BERT Model"): what is computed position by position then skips padding.
 */
import { type Operator, operator } from '../operator.js';
import { type Dimension, product } from '../shape.js';
import type { Tensor } from '../tensor.js';

type RowOperator = Operator<Record<string, never>>;

/**
 * Each token's number in a padded batch, text * sequence + place: mask int64 [batch, sequence], 0 for padding -> int64 [tokens].
 * How many they are is known at run time only, under the name that is given.
 */
export const tokenPositions = operator<{ tokens: string }>('TokenPositions', {
  shape: (_, { tokens }) => [tokens],
  definesDimension: true,
  onnx: ([mask], _, writer) => {
    const flat = writer.node('Reshape', [mask as string, writer.constant('int64', [1], [-1])]);
    return writer.node('Squeeze', [writer.node('NonZero', [flat]), writer.constant('int64', [1], [0])]);
  },
});

/** Each position's row among the tokens, the one after the last for padding: mask, positions -> int64 [batch, sequence]. */
export const tokenRows = operator('TokenRows', {
  shape: ([mask]) => (mask as Tensor).shape,
  onnx: ([, positions], _, writer, node) => {
    const { shape } = node.inputs[0] as Tensor;
    const tokens = writer.node('Shape', [positions as string]);
    const absent = writer.node('Expand', [tokens, writer.size(product(shape))]);
    const number = (value: number) => writer.constant('int64', [], [value]);
    const numbers = writer.node('Range', [number(0), writer.node('Squeeze', [tokens]), number(1)]);
    const rows = writer.node('ScatterElements', [absent, positions as string, numbers], { axis: 0 });
    return writer.node('Reshape', [rows, writer.sizes(shape)]);
  },
});

const sizeOf = (x: Tensor): Dimension => x.shape.at(-1) as Dimension;

/** The tokens' rows of a padded batch. Inputs: x [batch, sequence, size], positions and, for the gradient, rows. Output [tokens, size]. */
export const unpadRows: RowOperator = operator('UnpadRows', {
  shape: ([x, positions]) => [...(positions as Tensor).shape, sizeOf(x as Tensor)],
  onnx: ([x, positions], _, writer, node) => {
    const { shape } = node.inputs[0] as Tensor;
    const flat = writer.sizes([product(shape.slice(0, -1)), shape.at(-1) as Dimension]);
    return writer.node('Gather', [writer.node('Reshape', [x as string, flat]), positions as string], { axis: 0 });
  },
  gradient: ({ inputs: [, positions, rows], upstream }) => [
    padRows([upstream, positions as Tensor, rows as Tensor], {}),
    undefined,
    undefined,
  ],
});

/** A padded batch of tokens' rows, zeros at padding. Inputs: x [tokens, size], positions for the gradient, rows. Output [batch, sequence, size]. */
export const padRows: RowOperator = operator('PadRows', {
  shape: ([x, , rows]) => [...(rows as Tensor).shape, sizeOf(x as Tensor)],
  onnx: ([x, , rows], _, writer, node) => {
    const row = writer.sizes([1, sizeOf(node.inputs[0] as Tensor)]);
    const zeros = writer.node('Expand', [writer.constant('float32', [], [0]), row]);
    const withZeros = writer.node('Concat', [x as string, zeros], { axis: 0 });
    return writer.node('Gather', [withZeros, rows as string], { axis: 0 });
  },
  gradient: ({ inputs: [, positions, rows], upstream }) => [
    unpadRows([upstream, positions as Tensor, rows as Tensor], {}),
    undefined,
    undefined,
  ],
});
