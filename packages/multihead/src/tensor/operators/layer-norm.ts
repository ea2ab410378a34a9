/**
 * @file Layer normalization over the last axis (Ba, Kiros and Hinton 2016).
 *
 *   y = g * n + b,  n = (x - mean(x)) / sqrt(var(x) + epsilon)
 *   dx = (g dy - mean(g dy) - n mean(g dy n)) / sqrt(var(x) + epsilon)
 */
import { operator } from '../operator.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

const statistics = (x: Tensor): Shape => [...x.shape.slice(0, -1), 1];

/** Inputs: x [..., size], weight g [size], bias b [size]. Keeps mean and inverse deviation [..., 1] for its gradient. */
export const layerNormalization = operator<{ epsilon: number }>('LayerNormalization', {
  shape: ([x]) => (x as Tensor).shape,
  kept: ([x]) => [statistics(x as Tensor), statistics(x as Tensor)],
  onnx: (inputs, { epsilon }, writer) =>
    writer.nodes('LayerNormalization', inputs, 3, { axis: -1, epsilon: { float: epsilon } }),
  gradient: ({ inputs, outputs, upstream: dy }) => {
    const [x, weight] = inputs as [Tensor, Tensor];
    const [, mean, inverseDeviation] = outputs as [Tensor, Tensor, Tensor];
    const leading = x.shape.slice(0, -1).map((_, axis) => axis);
    const size = x.shape.at(-1) as number;
    const column = weight.reshape([size, 1]);
    const normalized = x.sub(mean).mul(inverseDeviation);
    const product = dy.mul(normalized);
    // The means over a row are products with the weight as a column: no weighted copy of dy is made for them.
    const meanGradient = dy.matmul(column).div(size);
    const meanProjection = product.matmul(column).div(size);
    const dx = dy.mul(weight).sub(normalized.mul(meanProjection)).sub(meanGradient).mul(inverseDeviation);
    return [dx, product.sum(leading), dy.sum(leading)];
  },
});
