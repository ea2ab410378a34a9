/** @file Softmax along one axis, and its logarithm. */
import { type GraphWriter, operator } from '../operator.js';
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
  onnx: ([x], { axis }, writer) => writeLogSoftmax(x as string, axis, writer),
  gradient: ({ output: l, upstream: dl, attributes: { axis } }) => [
    dl.sub(l.exp().mul(dl.sum(axis, { keepDims: true }))),
  ],
});

/** A log-softmax. The WebGPU provider has no kernel for it: it is composed there, with the largest x taken off first. */
export function writeLogSoftmax(x: string, axis: number, writer: GraphWriter): string {
  if (writer.target === 'cpu') return writer.node('LogSoftmax', [x], { axis });
  const axes = writer.constant('int64', [1], [axis]);
  const shifted = writer.node('Sub', [x, writer.node('ReduceMax', [x, axes], { keepdims: 1 })]);
  const total = writer.node('ReduceSum', [writer.node('Exp', [shifted]), axes], { keepdims: 1 });
  return writer.node('Sub', [shifted, writer.node('Log', [total])]);
}
