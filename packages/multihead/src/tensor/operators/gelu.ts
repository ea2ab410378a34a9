/**
 * @file The Gaussian error linear unit (Hendrycks and Gimpel 2016), exact and in its tanh approximation.
 *
 *   gelu(x) = x P(x), P the cumulative distribution of the standard normal: P(x) = (1 + erf(x / sqrt 2)) / 2
 *   gelu'(x) = P(x) + x p(x), p its density: p(x) = exp(-x^2 / 2) / sqrt(2 pi)
 */

import { tensor } from '../factories.js';
import { operator } from '../operator.js';
import type { Tensor } from '../tensor.js';

/** (1 + x) / 2 for x in [-1, 1], in one pass: ONNX's hard sigmoid with a slope of a half. */
const halfAndHalf = operator('HardSigmoid', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, _, writer) => writer.node('HardSigmoid', inputs, { alpha: { float: 0.5 }, beta: { float: 0.5 } }),
  gradient: ({ upstream }) => [upstream.mul(0.5)],
});

/** x P(x), exactly: Hugging Face's `gelu`. */
export const gelu = operator('Gelu', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, _, writer) => writer.node('Gelu', inputs),
  // u = x / sqrt 2, so that P = (1 + erf u) / 2 and p = exp(c - u^2) with c = -ln sqrt(2 pi): the fewest passes over memory.
  gradient: ({ inputs, upstream }) => {
    const x = inputs[0] as Tensor;
    const u = x.mul(Math.SQRT1_2);
    const cumulative = halfAndHalf([u.erf()], {});
    const density = tensor(-0.5 * Math.log(2 * Math.PI))
      .sub(u.mul(u))
      .exp();
    return [upstream.mul(cumulative.add(x.mul(density)))];
  },
});

/**
 * The tanh approximation: x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3). Hugging Face's `gelu_new` and
 * `gelu_pytorch_tanh`; GPT-2's activation.
 */
export function geluTanh(x: Tensor): Tensor {
  const scale = Math.sqrt(2 / Math.PI);
  const u = x
    .mul(x)
    .mul(0.044715 * scale)
    .add(scale)
    .mul(x);
  return u.tanh().add(1).mul(x).mul(0.5);
}
