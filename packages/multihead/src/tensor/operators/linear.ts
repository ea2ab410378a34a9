/** @file The linear map of the last axis: one product over all rows, with the bias laid under it. */
import { UserError } from '../../errors.js';
import { operator } from '../operator.js';
import { formatShape, product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { matMul } from './matmul.js';

/** Inputs: x [..., in], weight W [out, in], bias b [out]. Output x W^T + b: [..., out]. */
export const linear = operator('Linear', {
  shape: ([x, weight, bias]) => {
    const shapes = [x, weight, bias].map((tensor) => (tensor as Tensor).shape) as [Shape, Shape, Shape];
    const [from, [out, size, ...more], [biasSize]] = shapes;
    if (out === undefined || more.length > 0 || from.at(-1) !== size || biasSize !== out || shapes[2].length !== 1) {
      throw new UserError(`linear: input, weight and bias do not fit: ${shapes.map(formatShape).join(', ')}`);
    }
    return [...from.slice(0, -1), out];
  },
  // Gemm adds the bias without a pass of its own over the output, but knows matrices only.
  onnx: ([x, weight, bias], _, writer, node) => {
    const { shape } = node.inputs[0] as Tensor;
    const [rank, size] = [shape.length, shape.at(-1) as number];
    const matrix = writer.constant('int64', [2], [-1, size]);
    const rows = rank === 2 ? (x as string) : writer.node('Reshape', [x as string, matrix]);
    const y = writer.node('Gemm', [rows, weight as string, bias as string], { transB: 1 });
    if (rank === 2) return y;
    return writer.node('Reshape', [y, writer.sizes((node.outputs[0] as Tensor).shape)]);
  },
  gradient: ({ inputs, upstream }) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    const flat = (tensor: Tensor) =>
      tensor.reshape([product(tensor.shape.slice(0, -1)), tensor.shape.at(-1) as number]);
    const rows = flat(upstream);
    return [
      matMul([upstream, weight], { transposeA: false, transposeB: false, alpha: 1 }),
      matMul([rows, flat(x)], { transposeA: true, transposeB: false, alpha: 1 }),
      rows.sum(0),
    ];
  },
});
