/** @file The linear map of the last axis: one product over all rows, with the bias laid under it. */
import { UserError } from '../../platform/errors.js';
import { operator } from '../operator.js';
import { formatShape, product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { matMul } from './matmul.js';

/** How a weight lies: `out-in` [out, in] as in PyTorch, `in-out` [in, out] as in GPT-2. */
export interface LinearAttributes {
  readonly layout: 'out-in' | 'in-out';
}

/** Inputs: x [..., in], weight W [out, in], bias b [out]. Output x W^T + b: [..., out]. With W [in, out]: x W + b. */
export const linear = operator<LinearAttributes>('Linear', {
  shape: ([x, weight, bias], { layout }) => {
    const shapes = [x, weight, bias].map((tensor) => (tensor as Tensor).shape) as [Shape, Shape, Shape];
    const [from, matrix, [biasSize]] = shapes;
    const [out, size, ...more] = layout === 'out-in' ? matrix : [...matrix].reverse();
    if (out === undefined || more.length > 0 || from.at(-1) !== size || biasSize !== out || shapes[2].length !== 1) {
      throw new UserError(`linear: input, weight and bias do not fit: ${shapes.map(formatShape).join(', ')}`);
    }
    return [...from.slice(0, -1), out];
  },
  // Gemm adds the bias without a pass of its own over the output, but knows matrices only.
  onnx: ([x, weight, bias], { layout }, writer, node) => {
    const { shape } = node.inputs[0] as Tensor;
    const [rank, size] = [shape.length, shape.at(-1) as number];
    const matrix = writer.constant('int64', [2], [-1, size]);
    const rows = rank === 2 ? (x as string) : writer.node('Reshape', [x as string, matrix]);
    const y = writer.node('Gemm', [rows, weight as string, bias as string], { transB: layout === 'out-in' ? 1 : 0 });
    if (rank === 2) return y;
    return writer.node('Reshape', [y, writer.sizes((node.outputs[0] as Tensor).shape)]);
  },
  gradient: ({ inputs, upstream, attributes: { layout } }) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    const flat = (tensor: Tensor) =>
      tensor.reshape([product(tensor.shape.slice(0, -1)), tensor.shape.at(-1) as number]);
    const rows = flat(upstream);
    const forWeight = layout === 'out-in' ? [rows, flat(x)] : [flat(x), rows];
    return [
      matMul([upstream, weight], { transposeA: false, transposeB: layout === 'in-out', alpha: 1 }),
      matMul(forWeight, { transposeA: true, transposeB: false, alpha: 1 }),
      rows.sum(0),
    ];
  },
});
