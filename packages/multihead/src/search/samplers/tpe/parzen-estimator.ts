/**
 * @file The Parzen estimator of TPE: a mixture of products of truncated normals and of categorical distributions, one for each
 * observed trial and one, the prior, for the whole space. Widths, weights and densities are those of Optuna 5's _ParzenEstimator.
 */
import type { Random } from '../../../platform/random.js';
import { logDensity, logMass, quantile } from '../../densities/truncated-normal.js';
import type { Distributions } from '../../space/common-space.js';
import { type CategoricalDistribution, type NumericDistribution, stepOf } from '../../space/distribution.js';
import { boundsOf, valueAt } from '../../space/unit-interval.js';

/** The weight of the prior. An observation's is 1, or less where it is old. */
const priorWeight = 1;
/** So many newest observations have the full weight. */
const recent = 25;

/** What the mixture has of one parameter. */
interface Component {
  /** The logarithm of its density, or probability, for each kernel. */
  logDensities(value: number): Float64Array;
  /** Draws a value from a kernel. */
  draw(kernel: number, unit: number): number;
}

/** A mixture over the parameters of a space. Values are internal. */
export class ParzenEstimator {
  /** The weights of the kernels; the prior is the last one. */
  readonly weights: readonly number[];
  private readonly components: ReadonlyMap<string, Component>;

  /** @param observed values of each parameter, in the order of the trials */
  constructor(
    observed: ReadonlyMap<string, readonly number[]>,
    distributions: Distributions,
    observationWeights?: readonly number[],
  ) {
    const count = [...observed.values()][0]?.length ?? 0;
    const weights = [...(observationWeights ?? weightsOf(count)), priorWeight];
    const sum = weights.reduce((a, b) => a + b, 0);
    this.weights = weights.map((weight) => weight / sum);
    this.components = new Map(
      [...distributions].map(([name, distribution]) => {
        const values = observed.get(name) ?? [];
        return [
          name,
          distribution.type === 'categorical' ? categorical(values, distribution) : numeric(values, distribution),
        ];
      }),
    );
  }

  /** Draws a value of each parameter. */
  sample(random: Random): Map<string, number> {
    const kernel = chosen(this.weights, random.uniform());
    return new Map([...this.components].map(([name, component]) => [name, component.draw(kernel, random.uniform())]));
  }

  /** The logarithm of the density at values of all parameters. */
  logDensity(values: ReadonlyMap<string, number>): number {
    const sums = this.weights.map((weight) => Math.log(weight));
    for (const [name, component] of this.components) {
      const own = component.logDensities(values.get(name) as number);
      for (let i = 0; i < sums.length; i++) (sums[i] as number) += own[i] as number;
    }
    const largest = Math.max(...sums);
    if (largest === Number.NEGATIVE_INFINITY) return largest;
    return Math.log(sums.reduce((sum, each) => sum + Math.exp(each - largest), 0)) + largest;
  }
}

/** Weights of observations: the older of many count less. */
export function weightsOf(count: number): number[] {
  const old = Math.max(0, count - recent);
  const ramp = (i: number) => (old === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * i) / (old - 1));
  return Array.from({ length: count }, (_, i) => (i < old ? ramp(i) : 1));
}

/** The first index at which the sum of weights reaches a number. */
function chosen(weights: ArrayLike<number>, unit: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length - 1; i++) {
    sum += weights[i] as number;
    if (unit < sum) return i;
  }
  return weights.length - 1;
}

/** Each kernel has the observed choice, and a little of all others. */
function categorical(observed: readonly number[], { choices }: CategoricalDistribution): Component {
  const base = observed.length === 0 ? 1 : priorWeight / (observed.length + 1);
  const rows = [...observed, undefined].map((choice) => {
    const weights = choices.map((_, i) => base + (i === choice ? 1 : 0));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
  return {
    logDensities: (value) => Float64Array.from(rows, (row) => Math.log(row[value] as number)),
    draw: (kernel, unit) => chosen(rows[kernel] as readonly number[], unit),
  };
}

/** Centres and widths of a parameter's kernels; the prior is the last one. */
export interface Kernels {
  readonly mus: readonly number[];
  readonly sigmas: readonly number[];
}

/** The kernels of a number: each as wide as the larger gap to its neighbours, within limits. */
export function kernelsOf(observed: readonly number[], distribution: NumericDistribution): Kernels {
  const { low, high } = boundsOf(distribution);
  const mus = distribution.log ? observed.map(Math.log) : observed;
  const order = mus.map((_, i) => i).sort((a, b) => (mus[a] as number) - (mus[b] as number));
  const sorted = [low, ...order.map((i) => mus[i] as number), high];
  const width = high - low;
  const narrowest = width / Math.min(100, 2 + mus.length);
  const sigmas = new Array<number>(mus.length);
  for (const [place, i] of order.entries()) {
    const before = (sorted[place + 1] as number) - (sorted[place] as number);
    const after = (sorted[place + 2] as number) - (sorted[place + 1] as number);
    // The limits of the space are no neighbours, where there is a real one.
    const gap =
      mus.length < 2
        ? Math.max(before, after)
        : place === 0
          ? after
          : place === mus.length - 1
            ? before
            : Math.max(before, after);
    sigmas[i] = Math.min(width, Math.max(narrowest, gap));
  }
  return { mus: [...mus, (low + high) / 2], sigmas: [...sigmas, width] };
}

function numeric(observed: readonly number[], distribution: NumericDistribution): Component {
  const { mus, sigmas } = kernelsOf(observed, distribution);
  const { low, high } = boundsOf(distribution);
  const step = stepOf(distribution);
  const limits = mus.map((mu, i) => [(low - mu) / (sigmas[i] as number), (high - mu) / (sigmas[i] as number)] as const);
  const masses = limits.map(([from, to]) => logMass(from, to));
  const place = distribution.log ? Math.log : (value: number) => value;
  return {
    logDensities: (value) =>
      Float64Array.from(mus, (mu, i) => {
        const sigma = sigmas[i] as number;
        const inverse = (x: number) => (x - mu) / sigma;
        const own =
          step === undefined
            ? logDensity(inverse(place(value))) - Math.log(sigma)
            : logMass(inverse(place(value - step / 2)), inverse(place(value + step / 2)));
        return own - (masses[i] as number);
      }),
    draw(kernel, unit) {
      const [from, to] = limits[kernel] as readonly [number, number];
      return valueAt(distribution, quantile(unit, from, to) * (sigmas[kernel] as number) + (mus[kernel] as number));
    },
  };
}
