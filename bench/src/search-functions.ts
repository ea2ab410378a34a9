/** @file Functions whose lowest values are known, for `npm run bench -- search`; bench/peers/search_functions.py has the same. */
import type { Trial } from 'multihead/search';

/** Draws from N(0, 1). */
export type Noise = () => number;

/** A function of a trial's parameters. */
export interface TestFunction {
  /** The lowest value. */
  readonly lowest: number;
  /** Computes the value; `noise` is what an observation of it adds. */
  value(trial: Trial, noise: Noise): { readonly observed: number; readonly true: number };
}

const plain = (lowest: number, value: (trial: Trial) => number): TestFunction => ({
  lowest,
  value(trial) {
    const result = value(trial);
    return { observed: result, true: result };
  },
});

function branin(x: number, y: number): number {
  const inner = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return inner ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const alpha = [1, 1.2, 3, 3.2];
const a = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const p = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

function hartmann(x: readonly number[]): number {
  return -alpha.reduce((sum, weight, i) => {
    const inner = x.reduce(
      (total, value, j) => total + (a[i]?.[j] as number) * (value - 1e-4 * (p[i]?.[j] as number)) ** 2,
      0,
    );
    return sum + weight * Math.exp(-inner);
  }, 0);
}

function rosenbrock(x: readonly number[]): number {
  return x.slice(1).reduce((sum, next, i) => {
    const value = x[i] as number;
    return sum + 100 * (next - value ** 2) ** 2 + (1 - value) ** 2;
  }, 0);
}

const several = (trial: Trial, count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, i) => trial.suggestFloat(`x${i}`, low, high));

/** A choice of optimizer with parameters of its own, as settings of training have them. */
function conditional(trial: Trial): number {
  const kind = trial.suggestCategorical('kind', ['sgd', 'adam', 'none']);
  const size = trial.suggestInt('size', 1, 64, { log: true });
  const bySize = 0.3 * (Math.log2(size) - 4) ** 2;
  if (kind === 'none') return 6 + bySize;
  const rate = Math.log10(trial.suggestFloat(`${kind}-rate`, 1e-5, 1, { log: true }));
  if (kind === 'sgd') {
    const momentum = trial.suggestFloat('momentum', 0, 1);
    return 1 + bySize + (rate + 1) ** 2 + 8 * (momentum - 0.9) ** 2;
  }
  const beta = trial.suggestFloat('beta', 0, 1);
  return bySize + 2 * (rate + 3) ** 2 + 4 * (beta - 0.7) ** 2;
}

/** The functions by name. */
export const functions: Readonly<Record<string, TestFunction>> = {
  branin: plain(0.397887, (trial) => branin(trial.suggestFloat('x', -5, 10), trial.suggestFloat('y', 0, 15))),
  'hartmann-6': plain(-3.32237, (trial) => hartmann(several(trial, 6, 0, 1))),
  'rosenbrock-4': plain(0, (trial) => rosenbrock(several(trial, 4, -2, 2))),
  conditional: plain(0, conditional),
  noisy: {
    lowest: 0,
    value(trial, noise) {
      const value = several(trial, 4, -5, 5).reduce((sum, x, i) => sum + (x - i + 1) ** 2, 0);
      return { observed: value + 2 * noise(), true: value };
    },
  },
};
