/** @file Every operator's gradient against finite differences: one row an operator. Importing the package registers the engine. */
import { describe, expect, test } from 'vitest';
import { concatenate, gradient, type Tensor, tensor } from '../index.js';
import { Random } from '../random.js';
import type { OperatorDefinition } from './operator.js';
import * as arithmetic from './operators/arithmetic.js';
import * as broadcast from './operators/broadcast.js';
import * as elementwise from './operators/elementwise.js';
import * as geluOperators from './operators/gelu.js';
import * as layerNorm from './operators/layer-norm.js';
import * as layout from './operators/layout.js';
import * as linear from './operators/linear.js';
import * as logLikelihood from './operators/log-likelihood.js';
import * as matmul from './operators/matmul.js';
import * as reduce from './operators/reduce.js';
import * as rmsNorm from './operators/rms-norm.js';
import * as rotate from './operators/rotate.js';
import * as select from './operators/select.js';
import * as softmax from './operators/softmax.js';

interface Row {
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

/** A row for each operator, and several where one has cases. The part before a colon is the operator's name. */
const rows: Record<string, Row> = {
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

const perturbation = 1e-2;

/** Numbers away from 0, so that no kink lies within the perturbation, and away from each other by more than twice that. */
function draw(random: Random, which: number, length: number, [low, high]: readonly [number, number]): Float32Array {
  const places = random.shuffle(Array.from({ length }, (_, i) => (i + 0.2 + 0.25 * which) / length));
  return Float32Array.from(places, (place) => {
    const value = low + (high - low) * place;
    return Math.abs(value) < 5 * perturbation ? value + 10 * perturbation : value;
  });
}

describe('gradients equal finite differences', () => {
  test.each(Object.entries(rows))('%s', async (_, { shapes, apply, from = [-1, 1] }) => {
    const random = new Random(7n);
    const values = shapes.map((shape, i) =>
      draw(
        random,
        i,
        shape.reduce((a, b) => a * b, 1),
        from,
      ),
    );
    const weigh = (output: Tensor): Tensor => {
      const length = (output.shape as number[]).reduce((a, b) => a * b, 1);
      const weights = Float32Array.from({ length }, (_, i) => Math.cos(1 + 3 * i));
      return output.mul(tensor(weights, { shape: output.shape as number[] })).sum();
    };
    const build = (arrays: readonly Float32Array[]) => {
      const inputs = arrays.map((array, i) => tensor(array, { shape: shapes[i] as number[] }));
      return { inputs, loss: weigh(apply(...inputs)) };
    };
    const { inputs, loss } = build(values);
    const gradients = await Promise.all(gradient(loss, inputs).map((g) => g.data()));
    for (const [which, value] of values.entries()) {
      for (let i = 0; i < value.length; i++) {
        const at = async (shift: number) => {
          const moved = values.map((array, j) =>
            j === which ? array.map((v, k) => (k === i ? v + shift : v)) : array,
          );
          return build(moved).loss.item();
        };
        const numeric = ((await at(perturbation)) - (await at(-perturbation))) / (2 * perturbation);
        const tolerance = 1e-3 * Math.max(1, Math.abs(numeric));
        const error = Math.abs(Number(gradients[which]?.[i]) - numeric);
        expect(error, `input ${which}, element ${i}: finite difference ${numeric}`).toBeLessThan(tolerance);
      }
    }
  });

  test('second derivatives: the gradient is a graph of the same operators', async () => {
    const x = tensor([0.5, -0.3]);
    const [first] = gradient(x.tanh().mul(x).sum(), [x]) as [Tensor];
    const [second] = gradient(first.sum(), [x]) as [Tensor];
    const exact = [0.5, -0.3].map((v) => 2 * (1 - Math.tanh(v) ** 2) * (1 - v * Math.tanh(v)));
    expect(Array.from(await second.data(), Number)).toEqual(exact.map((v) => expect.closeTo(v, 5)));
  });

  test('every operator that has a gradient has a row', () => {
    const modules = [
      arithmetic,
      broadcast,
      elementwise,
      geluOperators,
      layerNorm,
      layout,
      linear,
      logLikelihood,
      matmul,
      reduce,
      rmsNorm,
      rotate,
      select,
      softmax,
    ];
    const covered = new Set(Object.keys(rows).map((name) => name.split(':')[0]));
    const operators = modules
      .flatMap(
        (module) => Object.values(module) as { operatorName?: string; definition?: OperatorDefinition<unknown> }[],
      )
      .filter(({ definition }) => definition?.gradient);
    expect(operators.length).toBeGreaterThan(30);
    for (const { operatorName } of operators) expect(covered).toContain(operatorName);
  });
});
