/**
 * @file Adafactor (Shazeer and Stern 2018, "Adaptive Learning Rates with Sublinear Memory Cost"), as Transformers' `Adafactor`.
 *
 *   b2 = 1 - t^decayRate      s = g^2 + e1
 *   matrices: r = b2 r + (1 - b2) mean of rows(s)   c = b2 c + (1 - b2) mean of columns(s)   u = g / sqrt(r c / mean(r))
 *   vectors:  v = b2 v + (1 - b2) s                 u = g / sqrt(v)
 *   u = rate u / max(1, rms(u) / clipThreshold)     rate: times max(e2, rms(p)) with scaleParameter
 *   p = (1 - rate decay) p - u, with beta1 p = (1 - rate decay) p - m, m = b1 m + (1 - b1) u
 *
 * A tensor of more than two dimensions is factored as a stack of matrices.
 */
import { z } from 'zod';
import {
  defineOptimizer,
  type FloatBlock,
  likeParameter,
  likeVector,
  type OptimizerContext,
  type OptimizerStretch,
  perColumn,
  perRow,
} from './optimizer.js';
import type { RowRun } from './visited-rows.js';

const settings = z
  .strictObject({
    scaleParameter: z.boolean().default(false).describe("the rate is multiplied by the parameter's root mean square"),
    relativeStep: z
      .boolean()
      .default(false)
      .describe('the rate is min(0.01, 1 / sqrt(step)), instead of learningRate and its schedule'),
    warmupInit: z.boolean().default(false).describe('with relativeStep: 1e-6 * step instead of 0.01'),
    clipThreshold: z.number().gt(0).default(1).describe("an update's root mean square is clipped to this"),
    decayRate: z.number().min(-1).lt(0).default(-0.8).describe('the second moment decays by 1 - step^decayRate'),
    beta1: z.number().gt(0).lt(1).optional().describe('decay of the first moment; without it there is none'),
    epsilon1: z.number().gt(0).lt(1).default(1e-30).describe('is added to the squared gradient'),
    epsilon2: z.number().gt(0).lt(1).default(1e-3).describe('the least scale of a parameter, with scaleParameter'),
  })
  .refine(({ warmupInit, relativeStep }) => !warmupInit || relativeStep, {
    error: 'warmupInit needs relativeStep: true',
  });

type Settings = z.output<typeof settings>;

/** Adafactor as a row of the registry. */
export const adafactor = defineOptimizer({
  name: 'adafactor',
  description:
    "Adafactor (Shazeer and Stern 2018), as Transformers': the second moments of a matrix are kept as those of its rows and " +
    "columns, which takes next to no memory. Defaults are those of Transformers' Trainer; weight decay is decoupled.",
  settings,
  create: (given) => ({
    state: {
      exp_avg_sq_row: perRow,
      exp_avg_sq_col: perColumn,
      exp_avg_sq: likeVector,
      ...(given.beta1 !== undefined && { exp_avg: likeParameter }),
    },
    scope: 'parameter',
    step: (stretch, context) => update(given, stretch, context),
    ...(given.relativeStep && {
      ownRate: (step: number) => Math.min(given.warmupInit ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step)),
    }),
  }),
});

/** The numbers of a step that are the same for all of a parameter. */
interface Numbers {
  readonly rate: number;
  readonly beta2: number;
  /** What weight decay leaves of the parameter. */
  readonly keep: number;
  /** Elements of the parameter. */
  readonly length: number;
}

function update(given: Settings, stretch: OptimizerStretch, context: OptimizerContext): void {
  const { parameters, state, shape } = stretch;
  const { step, weightDecay, learningRate, loops } = context;
  const length = product(shape);
  const rootMeanSquare = () => Math.sqrt(loops.sumOfSquares(parameters) / length);
  const rate = learningRate * (given.scaleParameter ? Math.max(given.epsilon2, rootMeanSquare()) : 1);
  const numbers = { rate, beta2: 1 - step ** given.decayRate, keep: 1 - rate * weightDecay, length };
  if (state.exp_avg_sq) updateVector(given, stretch, context, numbers);
  else updateMatrices(given, stretch, context, numbers);
}

const product = (shape: readonly number[]): number => shape.reduce((whole, size) => whole * size, 1);

/** The rate, less where the update is longer than the threshold. */
const clipped = ({ rate, length }: Numbers, sumOfSquares: number, threshold: number): number =>
  rate / Math.max(1, Math.sqrt(sumOfSquares / length) / threshold);

function updateVector(
  { epsilon1, clipThreshold, beta1 }: Settings,
  { parameters, gradients, state }: OptimizerStretch,
  { gradientScale, loops }: OptimizerContext,
  numbers: Numbers,
): void {
  const { beta2, keep } = numbers;
  const second = state.exp_avg_sq as FloatBlock;
  const moments = [gradientScale, beta2, 1 - beta2, epsilon1];
  const squares = loops.run('adafactorVector', [gradients, second], [1], moments);
  const scalars = [gradientScale, keep, clipped(numbers, squares, clipThreshold)];
  const blocks = [parameters, gradients, second];
  if (!state.exp_avg) loops.run('adafactorVectorApply', blocks, [0], scalars);
  else loops.run('adafactorVectorMomentum', [...blocks, state.exp_avg], [0, 3], [...scalars, beta1 as number]);
}

/** A matrix, or the one of a stack that begins at an element. */
interface Matrix {
  readonly start: number;
  readonly rows: FloatBlock;
  readonly columns: FloatBlock;
  readonly runs: readonly RowRun[];
}

function updateMatrices(
  { epsilon1, clipThreshold, beta1 }: Settings,
  { parameters, gradients, state, shape, runs }: OptimizerStretch,
  { gradientScale, loops }: OptimizerContext,
  numbers: Numbers,
): void {
  const { beta2, keep, length } = numbers;
  const [height, width] = shape.slice(-2) as [number, number];
  const size = height * width;
  const rowsOf = (block: FloatBlock, at: number) => block.subarray(at * height, (at + 1) * height);
  const columnsOf = (block: FloatBlock, at: number) => block.subarray(at * width, (at + 1) * width);
  const whole = [{ start: 0, length: size, visited: true }];
  const matrices = Array.from(
    { length: length / size },
    (_, at): Matrix => ({
      start: at * size,
      rows: rowsOf(state.exp_avg_sq_row as FloatBlock, at),
      columns: columnsOf(state.exp_avg_sq_col as FloatBlock, at),
      runs: (length === size && runs) || whole,
    }),
  );
  /** The rows of a run that are rows of the matrix: a table's last run has padding behind it. */
  const part = (block: FloatBlock, { start }: Matrix, run: RowRun) =>
    block.subarray(start + run.start, start + Math.min(run.start + run.length, size));
  const ofRows = ({ rows }: Matrix, run: RowRun) => rows.subarray(run.start / width, (run.start + run.length) / width);

  let squares = 0;
  const means = matrices.map((matrix) => {
    const { rows, columns } = matrix;
    for (const [j, second] of columns.entries()) columns[j] = beta2 * second + (1 - beta2) * epsilon1;
    for (const run of matrix.runs) {
      const blocks = { matrices: [part(gradients, matrix, run)], rows: [ofRows(matrix, run)], columns: [columns] };
      const scalars = [gradientScale, beta2, 1 - beta2, epsilon1, (1 - beta2) / height];
      if (run.visited) loops.runRows('adafactorMoments', blocks, [...blocks.rows, columns], scalars);
      else decayRows(blocks.rows[0] as FloatBlock, beta2, epsilon1);
    }
    return rows.reduce((sum, row) => sum + row, 0) / height;
  });
  for (const [at, matrix] of matrices.entries()) {
    for (const run of matrix.runs.filter(({ visited }) => visited)) {
      const { columns } = matrix;
      const blocks = { matrices: [part(gradients, matrix, run)], rows: [ofRows(matrix, run)], columns: [columns] };
      squares += loops.runRows('adafactorSquares', blocks, [], [gradientScale, means[at] as number]);
    }
  }
  const rate = clipped(numbers, squares, clipThreshold);
  for (const [at, matrix] of matrices.entries()) {
    const { exp_avg: first } = state;
    const scalars = [gradientScale, means[at] as number, keep, rate];
    for (const run of matrix.runs) {
      const p = part(parameters, matrix, run);
      const [rows, columns] = [[ofRows(matrix, run)], [matrix.columns]];
      const g = part(gradients, matrix, run);
      if (first) {
        const m = part(first, matrix, run);
        const blocks = { matrices: [p, g, m], rows, columns };
        loops.runRows('adafactorMomentum', blocks, [p, m], [...scalars, beta1 as number]);
      } else if (run.visited) {
        loops.runRows('adafactorApply', { matrices: [p, g], rows, columns }, [p], scalars);
      } else if (keep !== 1) {
        loops.scale(p, keep);
      }
    }
  }
}

/** The second moments of rows without a gradient, as the compiled loop has them, to the bit. */
function decayRows(rows: FloatBlock, beta2: number, epsilon: number): void {
  const [decay, rest, added] = [Math.fround(beta2), Math.fround(1 - beta2), Math.fround(epsilon)];
  for (const [i, row] of rows.entries()) rows[i] = Math.fround(row * decay) + Math.fround(rest * added);
}
