/**
 * @file The Gaussian error linear unit (Hendrycks and Gimpel 2016), exact and in its tanh approximation.
 *
 *   gelu(x) = x P(x), P the cumulative distribution of the standard normal: P(x) = (1 + erf(x / sqrt 2)) / 2
 *   gelu'(x) = P(x) + x p(x), p its density: p(x) = exp(-x^2 / 2) / sqrt(2 pi)
 */
import { operator } from '../operator.js';
import type { Tensor } from '../tensor.js';

/** x P(x), exactly: Hugging Face's `gelu`. */
export const gelu = operator('Gelu', {
  shape: ([x]) => (x as Tensor).shape,
  onnx: (inputs, _, writer) => writer.node('Gelu', inputs),
  gradient: ({ inputs, upstream }) => {
    const x = inputs[0] as Tensor;
    const cumulative = x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5);
    const density = x
      .mul(x)
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI));
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
