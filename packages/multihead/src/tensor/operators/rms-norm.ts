/**
 * @file Root-mean-square normalization over the last axis (Zhang and Sennrich 2019): layer normalization without a mean
 * and without a bias.
 *
 *   y = g * n,  n = x / sqrt(mean(x^2) + epsilon)
 *   dx = (g dy - n mean(g dy n)) / sqrt(mean(x^2) + epsilon)
 */
import { type GraphWriter, operator } from '../operator.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

const statistics = (x: Tensor): Shape => [...x.shape.slice(0, -1), 1];

/** Inputs: x [..., size], weight g [size]. Keeps the inverse root [..., 1] for its gradient. */
export const rmsNormalization = operator<{ epsilon: number }>('RmsNormalization', {
  shape: ([x]) => (x as Tensor).shape,
  kept: ([x]) => [statistics(x as Tensor)],
  onnx: (inputs, { epsilon }, writer) => {
    if (writer.target === 'portable') return composed(inputs as [string, string], epsilon, writer);
    // ONNX Runtime's own operator, though it stands in ONNX's domain; ONNX has RMSNormalization from operator set 23 only.
    return writer.nodes('SimplifiedLayerNormalization', inputs, 2, { axis: -1, epsilon: { float: epsilon } });
  },
  gradient: ({ inputs, outputs, upstream: dy }) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    const inverseRoot = outputs[1] as Tensor;
    const size = x.shape.at(-1) as number;
    const leading = x.shape.slice(0, -1).map((_, axis) => axis);
    const normalized = x.mul(inverseRoot);
    const product = dy.mul(normalized);
    // The mean over a row is a product with the weight as a column: no weighted copy of it is made.
    const meanProjection = product.matmul(weight.reshape([size, 1])).div(size);
    return [dy.mul(weight).sub(normalized.mul(meanProjection)).mul(inverseRoot), product.sum(leading)];
  },
});

function composed([x, weight]: readonly [string, string], epsilon: number, writer: GraphWriter): [string, string] {
  const last = writer.constant('int64', [1], [-1]);
  const meanSquare = writer.node('ReduceMean', [writer.node('Mul', [x, x]), last], { keepdims: 1 });
  const root = writer.node('Sqrt', [writer.node('Add', [meanSquare, writer.constant('float32', [], [epsilon])])]);
  const inverseRoot = writer.node('Reciprocal', [root]);
  return [writer.node('Mul', [writer.node('Mul', [x, inverseRoot]), weight]), inverseRoot];
}
