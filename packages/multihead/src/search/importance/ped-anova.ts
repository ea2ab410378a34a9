/**
 * @file How much each parameter matters for being among the best trials (PED-ANOVA, Watanabe et al. 2023; conditional parameters
 * as in Conditional PED-ANOVA, 2026). As Optuna 5's PedAnovaImportanceEvaluator, whose defaults these are.
 */
import { completeTrials, losses } from '../best.js';
import { logMass } from '../densities/truncated-normal.js';
import { bestByRank } from '../hypervolume.js';
import {
  type Distribution,
  distributionKey,
  isSingle,
  type NumericDistribution,
  stepOf,
  toInternal,
} from '../space/distribution.js';
import type { Direction, TrialRecord } from '../trial-record.js';

/** The part of trials that count as the best. */
const targetQuantile = 0.1;
/** Places of a continuum. */
const gridSteps = 50;
/** Fewer trials than this with one distribution of a parameter say nothing. */
const fewest = 2;
const tiny = 1e-12;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Computes the importance of each parameter, the largest first; they sum to 1. Undefined where there are too few complete trials
 * to say.
 *
 * @example
 * const study = await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 20 });
 * paramImportances(study.trials, study.directions); // { x: 1 }
 */
export function paramImportances(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
): Readonly<Record<string, number>> | undefined {
  const region = completeTrials(trials).filter(({ values }) => values.every(Number.isFinite));
  const names = [...new Set(region.flatMap(({ distributions }) => Object.keys(distributions)))];
  if (region.length < 2 || names.length === 0) return undefined;
  const target = new Set(bestPart(region, directions));
  const raw = names.map((name) => [name, divergence(name, region, target)] as const);
  const total = sum(raw.map(([, value]) => value));
  if (total === 0) return undefined;
  return Object.fromEntries(raw.map(([name, value]) => [name, value / total] as const).sort(([, a], [, b]) => b - a));
}

/** The best tenth, with all that are as good as its last one; of several objectives, by ranks. */
function bestPart(region: ReturnType<typeof completeTrials>, directions: readonly Direction[]): readonly TrialRecord[] {
  const count = Math.ceil(targetQuantile * region.length);
  if (directions.length > 1) return bestByRank(region, directions, count);
  const loss = ({ values }: (typeof region)[number]) => losses(values, directions)[0] as number;
  const limit = region.map(loss).sort((a, b) => a - b)[count - 1] as number;
  return region.filter((trial) => loss(trial) <= limit);
}

/** Pearson's divergence of a parameter's values among the best and among all trials, for each of its distributions. */
function divergence(name: string, region: readonly TrialRecord[], target: ReadonlySet<TrialRecord>): number {
  const regimes = new Map<string, TrialRecord[]>();
  for (const trial of region) {
    const distribution = Object.hasOwn(trial.distributions, name) ? trial.distributions[name] : undefined;
    const key = distribution ? distributionKey(distribution) : '';
    regimes.set(key, [...(regimes.get(key) ?? []), trial]);
  }
  const quantile = target.size / region.length;
  const parts = [...regimes.values()].map((all) => {
    const distribution = all[0]?.distributions[name];
    const best = all.filter((trial) => target.has(trial));
    if (!distribution || isSingle(distribution) || all.length < fewest || best.length === 0) return 0;
    const shares = (best.length / target.size) ** 2 / (all.length / region.length);
    const [ofBest, ofAll] = [densities(name, distribution, best), densities(name, distribution, all)];
    return shares * sum(ofAll.map((density, i) => density * ((ofBest[i] as number) / density - 1) ** 2));
  });
  return sum(parts) * quantile ** 2;
}

/** The density of a parameter's values at each place of a grid. */
function densities(name: string, distribution: Distribution, trials: readonly TrialRecord[]): number[] {
  const values = trials.map(({ params }) => toInternal(distribution, params[name] as never));
  const counts =
    distribution.type === 'categorical'
      ? countsOf(values, distribution.choices.length)
      : gridCounts(values, distribution);
  const observed = counts.flatMap((count, place) => (count > 0 ? [{ place, count }] : []));
  const total = values.length + 1;
  const kernels =
    distribution.type === 'categorical'
      ? choiceKernels(observed, counts.length)
      : numberKernels(observed, counts.length);
  const weights = [...observed.map(({ count }) => count / total), 1 / total];
  return counts.map((_, place) => sum(kernels.map((kernel, i) => (weights[i] as number) * kernel(place))) + tiny);
}

function countsOf(places: readonly number[], size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const place of places) (counts[place] as number)++;
  return counts;
}

function gridCounts(values: readonly number[], distribution: NumericDistribution): number[] {
  const { type, low: from, high: to, log } = distribution;
  const place = log ? Math.log : (value: number) => value;
  const step = stepOf(distribution);
  let size = gridSteps;
  if (type === 'int' && log) size = Math.min(gridSteps, Math.ceil(Math.log(to - from + 1) / Math.log(2)) + 1);
  else if (step !== undefined) size = Math.min(gridSteps, Math.round((to - from) / step) + 1);
  const [low, high] = [place(from), place(to)];
  const width = (high - low) / (size - 1);
  const index = (value: number) => Math.ceil((place(value) - low) / width - 0.5);
  return countsOf(
    values.map((value) => Math.min(size - 1, Math.max(0, index(value)))),
    size,
  );
}

type Observed = readonly { readonly place: number; readonly count: number }[];
type Kernel = (place: number) => number;

function choiceKernels(observed: Observed, size: number): Kernel[] {
  const base = 1 / (observed.length + 1);
  const row =
    (own: number): Kernel =>
    (place) =>
      (base + (place === own ? 1 : 0)) / (size * base + 1);
  return [...observed.map(({ place }) => row(place)), () => 1 / size];
}

/** Normal kernels whose width is Scott's rule, and the prior over all places. */
function numberKernels(observed: Observed, size: number): Kernel[] {
  const high = size - 1;
  const sigma = Math.max(0.5 / 1.64, scottWidth(observed));
  const kernel = (mu: number, width: number): Kernel => {
    const whole = logMass((-0.5 - mu) / width, (high + 0.5 - mu) / width);
    return (place) => Math.exp(logMass((place - 0.5 - mu) / width, (place + 0.5 - mu) / width) - whole);
  };
  return [...observed.map(({ place }) => kernel(place, sigma)), kernel(high / 2, high + 1)];
}

function scottWidth(observed: Observed): number {
  const total = sum(observed.map(({ count }) => count));
  const mean = sum(observed.map(({ place, count }) => place * count)) / total;
  const variance = sum(observed.map(({ place, count }) => (place - mean) ** 2 * count)) / Math.max(1, total - 1);
  const cumulative = observed.map((_, i) => sum(observed.slice(0, i + 1).map(({ count }) => count)));
  const first = (isReached: (count: number) => boolean) => {
    const found = cumulative.findIndex(isReached);
    return found < 0 ? observed.length : found;
  };
  const lower = first((count) => count >= Math.floor(total / 4));
  const upper = Math.min(
    observed.length - 1,
    first((count) => count > Math.floor((total * 3) / 4)),
  );
  const range = (observed[upper]?.place ?? 0) - (observed[lower]?.place ?? 0);
  return 1.059 * Math.min(range / 1.34, Math.sqrt(variance)) * total ** -0.2;
}
