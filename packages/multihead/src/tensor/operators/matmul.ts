/** @file Matrix product over the last two axes, with leading axes broadcast. */
import { UserError } from '../../platform/errors.js';
import { type GraphWriter, type Operator, operator } from '../operator.js';
import { broadcastShapes, formatShape, product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { sumTo } from './broadcast.js';

/** Y = alpha op(A) op(B), where op transposes the last two axes if asked. */
export interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly alpha: number;
}

const matrix = (shape: Shape, transposed: boolean): Shape =>
  transposed ? [shape.at(-1) as number, shape.at(-2) as number] : shape.slice(-2);

function matMulShape([a, b]: readonly [Tensor, Tensor], { transposeA, transposeB }: MatMulAttributes): Shape {
  const shapes = `${formatShape(a.shape)} x ${formatShape(b.shape)}`;
  if (a.shape.length < 2 || b.shape.length < 2) throw new UserError(`matmul: both need two axes or more: ${shapes}`);
  const [rows, inner] = matrix(a.shape, transposeA) as [number, number];
  const [innerB, columns] = matrix(b.shape, transposeB) as [number, number];
  if (inner !== innerB) throw new UserError(`matmul: inner dimensions differ: ${shapes}`);
  return [...broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
}

/** Rows and columns of the last two axes swapped, as a node of its own. */
function transposed(writer: GraphWriter, name: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return writer.node('Transpose', [name], { perm });
}

/** Matrix product. `tensor.matmul` is its face; transposes of the last two axes are taken into it. */
export const matMul: Operator<MatMulAttributes> = operator<MatMulAttributes>('MatMul', {
  shape: (inputs, attributes) => matMulShape(inputs as [Tensor, Tensor], attributes),
  onnx: (inputs, { transposeA, transposeB, alpha }, writer, node) => {
    const [a, b] = inputs as [string, string];
    const [rankA, rankB] = node.inputs.map((input) => input.shape.length) as [number, number];
    if (writer.target === 'cpu' && (transposeA || transposeB || alpha !== 1)) {
      const attributes = { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: alpha } };
      return writer.node('FusedMatMul', [a, b], attributes, 'com.microsoft');
    }
    const left = transposeA ? transposed(writer, a, rankA) : a;
    const right = transposeB ? transposed(writer, b, rankB) : b;
    const y = writer.node('MatMul', [left, right]);
    return alpha === 1 ? y : writer.node('Mul', [y, writer.constant('float32', [], [alpha])]);
  },
  // Y = alpha A B:  dA = alpha dY B^T,  dB = alpha A^T dY; with transposed inputs the roles change accordingly.
  gradient: ({ inputs, upstream: dy, attributes: { transposeA, transposeB, alpha } }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const da = transposeA
      ? matMul([b, dy], { transposeA: transposeB, transposeB: true, alpha })
      : matMul([dy, b], { transposeA: false, transposeB: !transposeB, alpha });
    return [sumTo(da, a.shape), gradientOfB(a, b, dy, { transposeA, transposeB, alpha })];
  },
});

/** dB. Where B is one matrix for all of A's rows (a linear layer), A's leading axes are rows of one tall product. */
function gradientOfB(a: Tensor, b: Tensor, dy: Tensor, { transposeA, transposeB, alpha }: MatMulAttributes): Tensor {
  const tall = b.shape.length === 2 && a.shape.length > 2 && !transposeA;
  const left = tall ? flattenRows(a) : a;
  const up = tall ? flattenRows(dy) : dy;
  const db = transposeB
    ? matMul([up, left], { transposeA: true, transposeB: transposeA, alpha })
    : matMul([left, up], { transposeA: !transposeA, transposeB: false, alpha });
  return sumTo(db, b.shape);
}

/** [..., columns] as one matrix [rows, columns]. */
const flattenRows = (x: Tensor): Tensor => x.reshape([product(x.shape.slice(0, -1)), x.shape.at(-1) as number]);
