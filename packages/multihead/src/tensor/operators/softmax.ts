/** @file Softmax along one axis, and its logarithm. */
import { operator } from '../operator.js';
import type { Tensor } from '../tensor.js';

/** Softmax: p_i = exp(x_i) / sum_j exp(x_j). Its gradient is p * (dp - sum(dp * p)). */
export const softmax = operator<{ axis: number }>('Softmax', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, { axis }, writer) => writer.node('Softmax', inputs, { axis }),
  gradient: ({ output: p, upstream: dp, attributes: { axis } }) => [
    p.mul(dp.sub(dp.mul(p).sum(axis, { keepDims: true }))),
  ],
});

/** Logarithm of the softmax: l_i = x_i - log sum_j exp(x_j). Its gradient is dl - exp(l) * sum(dl). */
export const logSoftmax = operator<{ axis: number }>('LogSoftmax', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, { axis }, writer) => writer.node('LogSoftmax', inputs, { axis }),
  gradient: ({ output: l, upstream: dl, attributes: { axis } }) => [
    dl.sub(l.exp().mul(dl.sum(axis, { keepDims: true }))),
  ],
});
