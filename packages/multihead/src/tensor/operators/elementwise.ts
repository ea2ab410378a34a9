/** @file Operators of one input, element by element, with the derivative of each. */
import { onnxNumber } from '../dtype.js';
import type { GradientCall, Operator, OperatorDefinition } from '../operator.js';
import { operator } from '../operator.js';
import type { Tensor } from '../tensor.js';

type Unary = Operator<Record<string, never>>;

/** An operator that ONNX has under the same name, given d(output)/d(input) times the upstream gradient. */
function elementwise(
  name: string,
  gradient: (call: { x: Tensor; y: Tensor; dy: Tensor }) => Tensor | undefined,
  onnx?: OperatorDefinition<Record<string, never>>['onnx'],
): Unary {
  return operator(name, {
    shape: ([x]) => (x as Tensor).shape,
    onnx: onnx ?? ((inputs, _, writer) => writer.node(name, inputs)),
    gradient: ({ inputs: [x], output: y, upstream: dy }: GradientCall<Record<string, never>>) => [
      gradient({ x: x as Tensor, y, dy }),
    ],
  });
}

/** x, as a constant: no gradient passes (PyTorch's detach). */
export const detach = elementwise('Identity', () => undefined);
/** -x */
export const neg = elementwise('Neg', ({ dy }) => dy.neg());
/** e^x; derivative e^x. */
export const exp = elementwise('Exp', ({ y, dy }) => dy.mul(y));
/** Natural logarithm; derivative 1 / x. */
export const log = elementwise('Log', ({ x, dy }) => dy.div(x));
/** Square root; derivative 1 / (2 sqrt x). */
export const sqrt = elementwise('Sqrt', ({ y, dy }) => dy.div(y.mul(2)));
/** |x|; derivative the sign of x. */
export const abs = elementwise('Abs', ({ x, dy }) => dy.mul(x.sign()));
/** -1, 0 or 1; derivative 0. */
export const sign = elementwise(
  'Sign',
  () => undefined,
  ([x], _, writer, node) => {
    if (writer.target === 'cpu') return writer.node('Sign', [x as string]);
    // The WebGPU provider has no kernel for it: (x > 0) - (x < 0).
    const { dtype } = node.inputs[0] as Tensor;
    const zero = writer.constant(dtype, [], [0]);
    const is = (comparison: string) =>
      writer.node('Cast', [writer.node(comparison, [x as string, zero])], { to: onnxNumber[dtype] });
    return writer.node('Sub', [is('Greater'), is('Less')]);
  },
);
/** Hyperbolic tangent; derivative 1 - tanh^2. */
export const tanh = elementwise('Tanh', ({ y, dy }) => dy.sub(dy.mul(y).mul(y)));
/** 1 / (1 + e^-x); derivative s (1 - s). */
export const sigmoid = elementwise('Sigmoid', ({ y, dy }) => dy.mul(y).sub(dy.mul(y).mul(y)));
/** max(x, 0); derivative 1 where x > 0. */
export const relu = elementwise('Relu', ({ y, dy }) => y.greater(0).where(dy, 0));
/** Cosine; derivative -sin x. */
export const cos: Unary = elementwise('Cos', ({ x, dy }) => dy.mul(sin([x], {})).neg());
/** Sine; derivative cos x. */
export const sin: Unary = elementwise('Sin', ({ x, dy }) => dy.mul(cos([x], {})));
/** Gauss's error function; derivative 2 / sqrt(pi) e^(-x^2). */
export const erf = elementwise('Erf', ({ x, dy }) => dy.mul(x.mul(x).neg().exp()).mul(2 / Math.sqrt(Math.PI)));
/** log(1 + e^x), without overflow; derivative the sigmoid. */
export const softplus = elementwise('Softplus', ({ x, dy }) => dy.mul(x.sigmoid()));
