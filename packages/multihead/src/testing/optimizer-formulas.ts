/** @file The optimizers' published rules, element by element in doubles: what the tests compare the kernels with. */

/** A parameter, its gradient, and what the rule remembers of it. */
export interface FormulaParameter {
  readonly p: Float64Array;
  readonly g: Float64Array;
  readonly shape: readonly number[];
  readonly state: Record<string, Float64Array>;
}

/** The numbers of a step, which counts from 1. */
export interface FormulaStep {
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** A rule, with an optimizer's settings: changes p and the state. */
export type Formula = (
  settings: Readonly<Record<string, unknown>>,
) => (parameter: FormulaParameter, step: FormulaStep) => void;

type Numbers = Readonly<Record<string, number>>;

/** A state tensor as long as another, zero at first. */
const kept = (state: Record<string, Float64Array>, name: string, length: number): Float64Array => {
  state[name] ??= new Float64Array(length);
  return state[name];
};

/** By the optimizers' names. */
export const formulas: Readonly<Record<string, Formula>> = {
  adamw: (settings) => {
    const { beta1, beta2, epsilon } = settings as { beta1: number; beta2: number; epsilon: number } & Numbers;
    return ({ p, g, state }, { step, learningRate, weightDecay }) => {
      const m = kept(state, 'm', p.length);
      const v = kept(state, 'v', p.length);
      for (const [i, gradient] of g.entries()) {
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * gradient;
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * gradient ** 2;
        const first = m[i] / (1 - beta1 ** step);
        const second = v[i] / (1 - beta2 ** step);
        p[i] =
          (p[i] as number) * (1 - learningRate * weightDecay) - (learningRate * first) / (Math.sqrt(second) + epsilon);
      }
    };
  },
  lion: (settings) => {
    const { beta1, beta2 } = settings as { beta1: number; beta2: number };
    return ({ p, g, state }, { learningRate, weightDecay }) => {
      const m = kept(state, 'm', p.length);
      for (const [i, gradient] of g.entries()) {
        const direction = Math.sign(beta1 * (m[i] as number) + (1 - beta1) * gradient);
        p[i] = (p[i] as number) * (1 - learningRate * weightDecay) - learningRate * direction;
        m[i] = beta2 * (m[i] as number) + (1 - beta2) * gradient;
      }
    };
  },
  sgd: (settings) => {
    const { momentum, dampening, nesterov } = settings as { momentum: number; dampening: number; nesterov: boolean };
    return ({ p, g, state }, { step, learningRate, weightDecay }) => {
      const buffer = kept(state, 'buffer', p.length);
      for (const [i, gradient] of g.entries()) {
        const decayed = gradient + weightDecay * (p[i] as number);
        buffer[i] = step === 1 ? decayed : momentum * (buffer[i] as number) + (1 - dampening) * decayed;
        const direction = momentum === 0 ? decayed : nesterov ? decayed + momentum * buffer[i] : buffer[i];
        p[i] = (p[i] as number) - learningRate * direction;
      }
    };
  },
  adafactor: (settings) => {
    const { scaleParameter, relativeStep, warmupInit } = settings as Readonly<Record<string, boolean>>;
    const { clipThreshold, decayRate, beta1, epsilon1, epsilon2 } = settings as {
      clipThreshold: number;
      decayRate: number;
      beta1: number | undefined;
      epsilon1: number;
      epsilon2: number;
    };
    const rms = (values: ArrayLike<number>) => Math.sqrt(mean(Array.from(values, (x) => x * x)));
    return ({ p, g, shape, state }, { step, learningRate, weightDecay }) => {
      const own = Math.min(warmupInit ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step));
      const rate = (relativeStep ? own : learningRate) * (scaleParameter ? Math.max(epsilon2, rms(p)) : 1);
      const beta2 = 1 - step ** decayRate;
      const average = (old: number, now: number) => beta2 * old + (1 - beta2) * now;
      const squares = Array.from(g, (x) => x * x + epsilon1);
      const second = kept(state, 'second', p.length);
      if (shape.length < 2) {
        for (const [i, square] of squares.entries()) second[i] = average(second[i] as number, square);
      } else {
        const [height, width] = shape.slice(-2) as [number, number];
        const rows = kept(state, 'rows', p.length / width);
        const columns = kept(state, 'columns', p.length / height);
        const at = (matrix: number, i: number, j: number) => (matrix * height + i) * width + j;
        for (let matrix = 0; matrix < p.length / (height * width); matrix++) {
          const line = (count: number, of: (k: number) => number) => Array.from({ length: count }, (_, k) => of(k));
          for (let i = 0; i < height; i++) {
            const now = mean(line(width, (j) => squares[at(matrix, i, j)] as number));
            rows[matrix * height + i] = average(rows[matrix * height + i] as number, now);
          }
          for (let j = 0; j < width; j++) {
            const now = mean(line(height, (i) => squares[at(matrix, i, j)] as number));
            columns[matrix * width + j] = average(columns[matrix * width + j] as number, now);
          }
          const whole = mean(Array.from(rows.subarray(matrix * height, (matrix + 1) * height)));
          for (let i = 0; i < height; i++)
            for (let j = 0; j < width; j++) {
              const row = rows[matrix * height + i] as number;
              second[at(matrix, i, j)] = (row * (columns[matrix * width + j] as number)) / whole;
            }
        }
      }
      const unclipped = g.map((x, i) => x / Math.sqrt(second[i] as number));
      const divisor = Math.max(1, rms(unclipped) / clipThreshold);
      const first = kept(state, 'first', p.length);
      for (const [i, u] of unclipped.entries()) {
        const change = (rate * u) / divisor;
        first[i] = beta1 === undefined ? change : beta1 * (first[i] as number) + (1 - beta1) * change;
        p[i] = (p[i] as number) * (1 - rate * weightDecay) - first[i];
      }
    };
  },
};

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Settings other than the defaults that the tests try, by the optimizers' names. */
export const settingsToTry: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  adamw: [{ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
  adafactor: [
    { beta1: 0.9, clipThreshold: 0.5, decayRate: -0.5 },
    { scaleParameter: true, relativeStep: true },
    { scaleParameter: true, relativeStep: true, warmupInit: true, beta1: 0.5, epsilon1: 1e-8, epsilon2: 0.1 },
  ],
  lion: [{ beta1: 0.5, beta2: 0 }],
  sgd: [{ momentum: 0.9 }, { momentum: 0.9, nesterov: true }, { momentum: 0.5, dampening: 0.3 }],
};
