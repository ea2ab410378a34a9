/**
 * @file Every operator, applied: what the check of gradients and the check of portable graphs go through. A new operator is a
 * row here. Not part of the package.
 */
import { concatenate, type Tensor, tensor } from '../exports/tensor.js';
import type { OperatorDefinition } from '../tensor/operator.js';
import * as arithmetic from '../tensor/operators/arithmetic.js';
import * as broadcast from '../tensor/operators/broadcast.js';
import * as cumulative from '../tensor/operators/cumulative-sum.js';
import * as dropout from '../tensor/operators/dropout.js';
import * as elementwise from '../tensor/operators/elementwise.js';
import * as geluOperators from '../tensor/operators/gelu.js';
import * as layerNorm from '../tensor/operators/layer-norm.js';
import * as layout from '../tensor/operators/layout.js';
import * as linear from '../tensor/operators/linear.js';
import * as logLikelihood from '../tensor/operators/log-likelihood.js';
import * as matmul from '../tensor/operators/matmul.js';
import * as narrow from '../tensor/operators/narrow.js';
import * as reduce from '../tensor/operators/reduce.js';
import * as rmsNorm from '../tensor/operators/rms-norm.js';
import * as rotate from '../tensor/operators/rotate.js';
import * as select from '../tensor/operators/select.js';
import * as softmax from '../tensor/operators/softmax.js';
import * as sources from '../tensor/operators/sources.js';
import * as topK from '../tensor/operators/top-k.js';
import * as unpadding from '../tensor/operators/unpadding.js';

/** An operator applied to inputs. */
export interface OperatorCase {
  /** Shapes of the inputs to differentiate. */
  shapes: readonly (readonly number[])[];
  apply(...inputs: Tensor[]): Tensor;
  /** Where the inputs are drawn from; [-1, 1] where left out. */
  from?: readonly [number, number];
}

const ids = (values: number[] | number[][]) => tensor(values, { dtype: 'int64' });

/** Cosine and sine of some angles. */
function rotationOf(rows: number, columns: number): [Tensor, Tensor] {
  const angles = Float32Array.from({ length: rows * columns }, (_, i) => 0.7 * i);
  const shaped = (values: Float32Array) => tensor(values, { shape: [rows, columns] });
  return [shaped(angles.map(Math.cos)), shaped(angles.map(Math.sin))];
}

const positionsOf = (mask: Tensor) => unpadding.tokenPositions([mask], { tokens: 'tokens' });

/** Where two texts of three positions have their three tokens. */
function places(): [positions: Tensor, rows: Tensor] {
  const mask = ids([
    [1, 1, 0],
    [0, 1, 0],
  ]);
  const positions = positionsOf(mask);
  return [positions, unpadding.tokenRows([mask, positions], {})];
}

/** A row for each operator that has a gradient, and several where one has cases. The part before a colon is the operator's name. */
export const differentiable: Record<string, OperatorCase> = {
  Add: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    apply: (a, b) => a.add(b),
  },
  'Add: broadcast': { shapes: [[2, 3], [3]], apply: (a, b) => a.add(b) },
  'Add: broadcast both': {
    shapes: [
      [2, 1],
      [1, 3],
    ],
    apply: (a, b) => a.add(b),
  },
  Sub: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    apply: (a, b) => a.sub(b),
  },
  Mul: { shapes: [[2, 3], [3]], apply: (a, b) => a.mul(b) },
  Div: {
    shapes: [
      [2, 3],
      [1, 3],
    ],
    apply: (a, b) => a.div(b),
    from: [1, 2],
  },
  Pow: { shapes: [[4], [4]], apply: (a, b) => a.pow(b), from: [0.5, 2] },
  Max: { shapes: [[6], [6]], apply: (a, b) => a.maximum(b) },
  Min: { shapes: [[6], [6]], apply: (a, b) => a.minimum(b) },
  // What is detached counts as a constant: the derivative of x + 0 detach(x) is 1.
  Identity: { shapes: [[4]], apply: (x) => x.add(elementwise.detach([x], {}).mul(0)) },
  Neg: { shapes: [[4]], apply: (x) => x.neg() },
  Exp: { shapes: [[4]], apply: (x) => x.exp() },
  Log: { shapes: [[4]], apply: (x) => x.log(), from: [0.5, 2] },
  Sqrt: { shapes: [[4]], apply: (x) => x.sqrt(), from: [0.5, 2] },
  Abs: { shapes: [[6]], apply: (x) => x.abs() },
  Sign: { shapes: [[6]], apply: (x) => x.sign(), from: [0.5, 1] },
  Tanh: { shapes: [[4]], apply: (x) => x.tanh() },
  Sigmoid: { shapes: [[4]], apply: (x) => x.sigmoid() },
  Relu: { shapes: [[6]], apply: (x) => x.relu() },
  Cos: { shapes: [[4]], apply: (x) => elementwise.cos([x], {}) },
  Sin: { shapes: [[4]], apply: (x) => elementwise.sin([x], {}) },
  Erf: { shapes: [[4]], apply: (x) => x.erf() },
  Softplus: { shapes: [[4]], apply: (x) => x.softplus() },
  Gelu: { shapes: [[6]], apply: (x) => x.gelu(), from: [-3, 3] },
  'Gelu: tanh': { shapes: [[6]], apply: (x) => x.gelu('tanh'), from: [-3, 3] },
  MatMul: {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    apply: (a, b) => a.matmul(b),
  },
  'MatMul: transposed': {
    shapes: [
      [3, 2],
      [4, 3],
    ],
    apply: (a, b) => a.transpose(0, 1).matmul(b.transpose(0, 1)),
  },
  'MatMul: transposed left': {
    shapes: [
      [3, 2],
      [3, 4],
    ],
    apply: (a, b) => a.transpose(0, 1).matmul(b),
  },
  'MatMul: alpha': {
    shapes: [
      [2, 3],
      [4, 3],
    ],
    apply: (a, b) => a.matmul(b.transpose(0, 1), { alpha: 0.3 }),
  },
  'MatMul: batch': {
    shapes: [
      [2, 2, 3],
      [2, 3, 2],
    ],
    apply: (a, b) => a.matmul(b),
  },
  'MatMul: linear layer': {
    shapes: [
      [2, 2, 3],
      [4, 3],
    ],
    apply: (a, b) => a.matmul(b.transpose(0, 1)),
  },
  'MatMul: broadcast batch': {
    shapes: [
      [1, 2, 3],
      [2, 3, 2],
    ],
    apply: (a, b) => a.matmul(b),
  },
  Linear: { shapes: [[2, 2, 3], [4, 3], [4]], apply: (x, w, b) => x.linear(w, b) },
  'Linear: one row each': { shapes: [[2, 3], [4, 3], [4]], apply: (x, w, b) => x.linear(w, b) },
  'Linear: weight in-out': {
    shapes: [[2, 2, 3], [3, 4], [4]],
    apply: (x, w, b) => x.linear(w, b, { layout: 'in-out' }),
  },
  Softmax: { shapes: [[2, 4]], apply: (x) => x.softmax(-1) },
  'Softmax: first axis': { shapes: [[3, 2]], apply: (x) => x.softmax(0) },
  LogSoftmax: { shapes: [[2, 4]], apply: (x) => x.logSoftmax(-1) },
  LayerNormalization: { shapes: [[2, 3, 4], [4], [4]], apply: (x, w, b) => x.layerNorm(w, b) },
  RmsNormalization: {
    shapes: [[2, 3, 4], [4]],
    apply: (x, w) => rmsNorm.rmsNormalization([x, w], { epsilon: 1e-5 }),
  },
  Rotate: {
    shapes: [[2, 3, 4]],
    apply: (x) => rotate.rotate([x, ...rotationOf(3, 2)], { inverse: false }),
  },
  'Rotate: inverse': {
    shapes: [[2, 3, 4]],
    apply: (x) => rotate.rotate([x, ...rotationOf(3, 2)], { inverse: true }),
  },
  ReduceSum: { shapes: [[2, 3, 2]], apply: (x) => x.sum([0, 2]) },
  'ReduceSum: kept': { shapes: [[2, 3]], apply: (x) => x.sum(0, { keepDims: true }) },
  ReduceMean: { shapes: [[2, 3]], apply: (x) => x.mean(1) },
  ReduceMax: { shapes: [[2, 4]], apply: (x) => x.max(1) },
  Expand: { shapes: [[2, 1]], apply: (x) => x.expand([3, 2, 4]) },
  Reshape: { shapes: [[2, 6]], apply: (x) => x.reshape([3, -1]) },
  Transpose: { shapes: [[2, 3, 2]], apply: (x) => x.permute([2, 0, 1]) },
  Concat: {
    shapes: [
      [2, 3],
      [2, 2],
    ],
    apply: (a, b) => concatenate([a, b], 1),
  },
  Slice: { shapes: [[2, 5]], apply: (x) => x.slice(1, 1, 4) },
  'Slice: from the end': { shapes: [[5]], apply: (x) => x.slice(0, 1, -1) },
  Cast: { shapes: [[3]], apply: (x) => x.cast('float32') },
  Where: { shapes: [[4], [4]], apply: (a, b) => tensor([true, false, true, false]).where(a, b) },
  Gather: {
    shapes: [[4, 3]],
    apply: (table) =>
      table.gather(
        ids([
          [1, 3],
          [1, 0],
        ]),
      ),
  },
  ScatterRows: { shapes: [[3, 2]], apply: (rows) => select.scatterRows([ids([2, 0, 2]), rows], { shape: [4, 2] }) },
  UnpadRows: {
    shapes: [[2, 3, 2]],
    apply: (x) => {
      const rows = unpadding.unpadRows([x, ...places()], {});
      return rows.mul(rows).sum(0);
    },
  },
  PadRows: { shapes: [[3, 2]], apply: (x) => unpadding.padRows([x, ...places()], {}) },
  LogLikelihood: {
    shapes: [[2, 2, 4]],
    apply: (x) =>
      x.logLikelihood(
        ids([
          [1, 3],
          [0, 0],
        ]),
      ),
  },
  ScatterElements: {
    shapes: [
      [2, 4],
      [2, 2],
    ],
    apply: (x, elements) =>
      select.addLast(
        [
          x,
          ids([
            [1, 1],
            [3, 0],
          ]),
          elements,
        ],
        {},
      ),
  },
  GatherElements: {
    shapes: [[2, 4]],
    apply: (x) =>
      x.gatherLast(
        ids([
          [1, 1],
          [3, 0],
        ]),
      ),
  },
};

/** A row for each operator without one. */
export const withoutGradient: Record<string, OperatorCase> = {
  Equal: { shapes: [[2, 3], [3]], apply: (a, b) => a.equal(b) },
  Less: { shapes: [[2, 3], [3]], apply: (a, b) => a.less(b) },
  Greater: { shapes: [[2, 3], [3]], apply: (a, b) => a.greater(b) },
  And: { shapes: [[2, 3], [3]], apply: (a, b) => arithmetic.and([a.greater(0), b.greater(0)], {}) },
  Or: { shapes: [[2, 3], [3]], apply: (a, b) => arithmetic.or([a.greater(0), b.greater(0)], {}) },
  ArgMax: { shapes: [[3, 4]], apply: (x) => reduce.argMax([x], { axis: 1 }) },
  TopK: { shapes: [[2, 3, 7]], apply: (x) => topK.topKIndices([x], { k: 4 }) },
  TokenPositions: { shapes: [[2, 3]], apply: (x) => positionsOf(x.greater(0).cast('int64')) },
  TokenRows: {
    shapes: [[2, 3]],
    apply: (x) => {
      const mask = x.greater(0).cast('int64');
      return unpadding.tokenRows([mask, positionsOf(mask)], {});
    },
  },
  CumSum: { shapes: [[2, 3]], apply: (x) => cumulative.cumulativeSum([x.greater(0).cast('int64')], { axis: 1 }) },
  Narrow: { shapes: [[2, 5]], apply: (x) => narrow.narrow([x], { axis: 1, start: -2, length: 2 }) },
  DropoutMask: {
    shapes: [[2, 64]],
    apply: (x) => {
      const seed = tensor(BigInt64Array.of(7n), { shape: [] });
      return dropout.applyDropout(x, dropout.dropoutMask([seed], { shape: [2, 64], site: 1, rate: 0.5 }), 0.5);
    },
  },
  Range: { shapes: [[3]], apply: (x) => x.add(sources.range([], { size: 3 }).cast('float32')) },
  Size: { shapes: [[2, 3]], apply: (x) => x.mul(x.size([0, 1])) },
  Constant: { shapes: [[2]], apply: (x) => x.add(tensor([0.5, 2])) },
};

const modules = [
  arithmetic,
  broadcast,
  cumulative,
  dropout,
  elementwise,
  geluOperators,
  layerNorm,
  layout,
  linear,
  logLikelihood,
  matmul,
  narrow,
  reduce,
  rmsNorm,
  rotate,
  select,
  softmax,
  sources,
  topK,
];

/** All operators, by name, and how each is defined. */
export const operators: ReadonlyMap<string, OperatorDefinition<unknown>> = new Map(
  modules
    .flatMap((module) => Object.values(module) as { operatorName?: string; definition?: OperatorDefinition<unknown> }[])
    .flatMap(({ operatorName, definition }) => (operatorName && definition ? [[operatorName, definition]] : [])),
);
