/**
 * @file The lazy tensor: an operator's output that has not been computed yet.
 *
 * Methods build a graph and bear PyTorch's names. Nothing is computed until `data()` is asked for, or a graph is
 * compiled into a model. Tensors never change.
 */

import { UserError } from '../platform/errors.js';
import { checkOptionNames } from '../platform/option-names.js';
import type { DType, TypedData } from './dtype.js';
import { evaluate } from './evaluator.js';
import { tensor } from './factories.js';
import type { Node } from './operator.js';
import * as arithmetic from './operators/arithmetic.js';
import { expand } from './operators/broadcast.js';
import * as elementwise from './operators/elementwise.js';
import { gelu, geluTanh } from './operators/gelu.js';
import { layerNormalization } from './operators/layer-norm.js';
import { cast, permute, reshape, slice } from './operators/layout.js';
import { type LinearAttributes, linear } from './operators/linear.js';
import { logLikelihood } from './operators/log-likelihood.js';
import { matMul } from './operators/matmul.js';
import { argMax, max, mean, sum } from './operators/reduce.js';
import { gather, gatherLast, where } from './operators/select.js';
import { logSoftmax, softmax } from './operators/softmax.js';
import { count } from './operators/sources.js';
import { topKIndices } from './operators/top-k.js';
import { completeShape, formatShape, normalizeAxis, type Shape } from './shape.js';

/** A tensor, or a number that stands for a scalar. */
export type Operand = Tensor | number;

/** Options of reductions: whether to keep reduced axes as dimensions of size 1. */
export interface ReduceOptions {
  readonly keepDims?: boolean;
}

/**
 * A lazy, immutable tensor. Made by `tensor()`, by methods of other tensors, or by layers and models.
 *
 * @example
 * const x: Tensor = tensor([[1, 2], [3, 4]]);
 * await x.mul(2).sum().data(); // Float32Array [20]
 */
export class Tensor {
  constructor(
    /** The operator's application that computes this tensor. */
    readonly node: Node,
    readonly dtype: DType,
    readonly shape: Shape,
  ) {}

  /** Sum, element by element, broadcast. */
  add(other: Operand): Tensor {
    return arithmetic.add([this, this.operand(other)], {});
  }
  /** Difference, element by element, broadcast. */
  sub(other: Operand): Tensor {
    return arithmetic.sub([this, this.operand(other)], {});
  }
  /** Product, element by element, broadcast. */
  mul(other: Operand): Tensor {
    return arithmetic.mul([this, this.operand(other)], {});
  }
  /** Quotient, element by element, broadcast. */
  div(other: Operand): Tensor {
    return arithmetic.div([this, this.operand(other)], {});
  }
  /** Power; the base must be positive where its gradient is wanted. */
  pow(exponent: Operand): Tensor {
    return arithmetic.pow([this, this.operand(exponent)], {});
  }
  /** The larger of two, element by element. */
  maximum(other: Operand): Tensor {
    return arithmetic.maximum([this, this.operand(other)], {});
  }
  /** The smaller of two, element by element. */
  minimum(other: Operand): Tensor {
    return arithmetic.minimum([this, this.operand(other)], {});
  }
  /** Where equal: bool. */
  equal(other: Operand): Tensor {
    return arithmetic.equal([this, this.operand(other)], {});
  }
  /** Where less: bool. */
  less(other: Operand): Tensor {
    return arithmetic.less([this, this.operand(other)], {});
  }
  /** Where greater: bool. */
  greater(other: Operand): Tensor {
    return arithmetic.greater([this, this.operand(other)], {});
  }
  /** Both of two bool tensors. */
  and(other: Tensor): Tensor {
    return arithmetic.and([this, other], {});
  }
  /** Either of two bool tensors. */
  or(other: Tensor): Tensor {
    return arithmetic.or([this, other], {});
  }

  /** -x */
  neg(): Tensor {
    return elementwise.neg([this], {});
  }
  /** e^x */
  exp(): Tensor {
    return elementwise.exp([this], {});
  }
  /** Natural logarithm. */
  log(): Tensor {
    return elementwise.log([this], {});
  }
  /** Square root. */
  sqrt(): Tensor {
    return elementwise.sqrt([this], {});
  }
  /** |x| */
  abs(): Tensor {
    return elementwise.abs([this], {});
  }
  /** -1, 0 or 1. */
  sign(): Tensor {
    return elementwise.sign([this], {});
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return elementwise.tanh([this], {});
  }
  /** 1 / (1 + e^-x) */
  sigmoid(): Tensor {
    return elementwise.sigmoid([this], {});
  }
  /** max(x, 0) */
  relu(): Tensor {
    return elementwise.relu([this], {});
  }
  /** Gauss's error function. */
  erf(): Tensor {
    return elementwise.erf([this], {});
  }
  /** log(1 + e^x) */
  softplus(): Tensor {
    return elementwise.softplus([this], {});
  }
  /** Gaussian error linear unit, exact or (`'tanh'`) approximated. */
  gelu(approximate: 'none' | 'tanh' = 'none'): Tensor {
    return approximate === 'tanh' ? geluTanh(this) : gelu([this], {});
  }

  /** Matrix product over the last two axes, times alpha; leading axes broadcast. Transposes of either are free. */
  matmul(other: Tensor, options: { alpha?: number } = {}): Tensor {
    checkOptionNames(options, ['alpha'], 'matmul');
    const [a, transposeA] = this.untransposed();
    const [b, transposeB] = other.untransposed();
    return matMul([a, b], { transposeA, transposeB, alpha: options.alpha ?? 1 });
  }

  /**
   * This tensor's last axis through a linear layer: x W^T + b, with weight [out, in] and bias [out]; or x W + b, with the
   * weight laid `in-out`.
   */
  linear(weight: Tensor, bias: Tensor, options: Partial<LinearAttributes> = {}): Tensor {
    checkOptionNames(options, ['layout'], 'linear');
    return linear([this, weight, bias], { layout: options.layout ?? 'out-in' });
  }

  /** Softmax along an axis. */
  softmax(axis: number): Tensor {
    return softmax([this], { axis: normalizeAxis('softmax', axis, this.shape) });
  }
  /** Logarithm of the softmax along an axis. */
  logSoftmax(axis: number): Tensor {
    return logSoftmax([this], { axis: normalizeAxis('logSoftmax', axis, this.shape) });
  }
  /** The log-probability of a class a row: scores [..., classes] and labels [...] int64 give [...]. */
  logLikelihood(labels: Tensor): Tensor {
    return logLikelihood([this, labels], {});
  }
  /** Layer normalization over the last axis, with weight and bias of its size. */
  layerNorm(weight: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
    return layerNormalization([this, weight, bias], { epsilon });
  }

  /** Sum along axes (all of them where none is named). */
  sum(axes?: number | readonly number[], options?: ReduceOptions): Tensor {
    return sum([this], this.reduceAttributes('sum', axes, options));
  }
  /** Mean along axes (all of them where none is named). */
  mean(axes?: number | readonly number[], options?: ReduceOptions): Tensor {
    return mean([this], this.reduceAttributes('mean', axes, options));
  }
  /** Maximum along axes (all of them where none is named). */
  max(axes?: number | readonly number[], options?: ReduceOptions): Tensor {
    return max([this], this.reduceAttributes('max', axes, options));
  }
  /** Index of the largest element along an axis: int64. */
  argmax(axis: number): Tensor {
    return argMax([this], { axis: normalizeAxis('argmax', axis, this.shape) });
  }

  /** The same elements under another shape. One dimension may be -1: what is left. */
  reshape(shape: Shape): Tensor {
    return reshape([this], { shape: completeShape(this.shape, shape) });
  }
  /** Two axes swapped. */
  transpose(a: number, b: number): Tensor {
    const order = this.shape.map((_, i) => i);
    const [first, second] = [normalizeAxis('transpose', a, this.shape), normalizeAxis('transpose', b, this.shape)];
    [order[first], order[second]] = [second, first];
    return this.permute(order);
  }
  /** Axes in another order. */
  permute(order: readonly number[]): Tensor {
    return permute([this], { order });
  }
  /** A dimension of size 1 put in before an axis. */
  unsqueeze(axis: number): Tensor {
    const at = axis < 0 ? axis + this.shape.length + 1 : axis;
    return this.reshape([...this.shape.slice(0, at), 1, ...this.shape.slice(at)]);
  }
  /** A dimension of size 1 taken out. */
  squeeze(axis: number): Tensor {
    const at = normalizeAxis('squeeze', axis, this.shape);
    return this.reshape(this.shape.filter((_, i) => i !== at));
  }
  /** Repeated along dimensions of size 1, up to a shape. */
  expand(shape: Shape): Tensor {
    return expand([this], { shape });
  }
  /** The elements start <= i < end along an axis; a negative end counts from the end. */
  slice(axis: number, start: number, end?: number): Tensor {
    return slice([this], { axis: normalizeAxis('slice', axis, this.shape), start, end });
  }
  /** Another element type. */
  cast(dtype: DType): Tensor {
    return dtype === this.dtype ? this : cast([this], { dtype });
  }

  /** Rows of this table by number: [...indices, ...row]. The row `paddingIndex` gets no gradient. */
  gather(indices: Tensor, options: { paddingIndex?: number | undefined } = {}): Tensor {
    checkOptionNames(options, ['paddingIndex'], 'gather');
    return gather([this, indices], { paddingIndex: options.paddingIndex });
  }
  /** Elements by index along the last axis; the shapes agree elsewhere. */
  gatherLast(indices: Tensor): Tensor {
    return gatherLast([this, indices], {});
  }
  /**
   * The k largest elements along the last axis, largest first, and their indices (int64): [..., k] each. Of equal elements the
   * first comes first.
   */
  topK(k: number): { readonly values: Tensor; readonly indices: Tensor } {
    const indices = topKIndices([this], { k });
    return { values: this.gatherLast(indices), indices };
  }
  /** This bool tensor ? a : b, element by element. */
  where(a: Operand, b: Operand): Tensor {
    const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : 'float32';
    return where([this, scalarOr(a, dtype), scalarOr(b, dtype)], {});
  }
  /** The number of elements along axes together, as a float32 scalar: sizes known only at run time become a tensor. */
  size(axes: readonly number[]): Tensor {
    return count([this], { axes });
  }

  /** Computes this tensor and gives its elements, row by row. */
  async data(): Promise<TypedData> {
    return (await evaluate([this]))[0] as TypedData;
  }
  /** Computes a tensor of one element and gives it as a number. */
  async item(): Promise<number> {
    const values = await this.data();
    if (values.length !== 1)
      throw new UserError(`item: ${formatShape(this.shape)} has more than one element; use data()`);
    return Number(values[0]);
  }

  /** Says what it is, for error messages and the console. */
  toString(): string {
    return `Tensor(${this.node.name}, ${this.dtype}, ${formatShape(this.shape)})`;
  }

  private operand(other: Operand): Tensor {
    return scalarOr(other, this.dtype);
  }

  private reduceAttributes(what: string, axes: number | readonly number[] | undefined, options: ReduceOptions = {}) {
    checkOptionNames(options, ['keepDims'], what);
    const list = axes === undefined ? this.shape.map((_, i) => i) : typeof axes === 'number' ? [axes] : axes;
    return {
      axes: list.map((axis) => normalizeAxis(what, axis, this.shape)),
      keepDims: options.keepDims ?? false,
    };
  }

  /** The tensor that this is the transpose of (its last two axes swapped), so that a product can take the transpose in. */
  private untransposed(): [Tensor, boolean] {
    const { definition, attributes, inputs } = this.node;
    if (definition !== permute.definition) return [this, false];
    const { order } = attributes as { order: readonly number[] };
    const last = order.length - 1;
    const swapsLastTwo = order.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
    return swapsLastTwo ? [inputs[0] as Tensor, true] : [this, false];
  }
}

const scalarOr = (operand: Operand, dtype: DType): Tensor =>
  operand instanceof Tensor ? operand : tensor(operand, { dtype });
