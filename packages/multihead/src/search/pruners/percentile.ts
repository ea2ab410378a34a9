/** @file Pruning against the percentile, or the median, of other trials at the same step. As in Optuna 5's PercentilePruner. */
import { z } from 'zod';
import type { Direction, TrialRecord } from '../trial-record.js';
import { lastStep } from '../trial-record.js';
import { definePruner, type Pruner } from './pruner.js';

const shared = {
  startupTrials: z.int().min(0).default(5).describe('complete trials before which nothing is pruned'),
  warmupSteps: z.int().min(0).default(0).describe('steps of a trial before which it is not pruned'),
  intervalSteps: z.int().min(1).default(1).describe('steps between decisions'),
  minTrials: z.int().min(1).default(1).describe('complete trials that must have a value at the step'),
};

type Options = z.output<z.ZodObject<typeof shared>> & { readonly percentile: number };

/** The row of the registry of the percentile. */
export const percentile = definePruner({
  name: 'percentile',
  description: 'ends trials that are worse than a percentile of the others at the same step',
  options: z.object({
    percentile: z.number().min(0).max(100).default(25).describe('percentage of trials to keep'),
    ...shared,
  }),
  create: (options) => percentilePruner(options),
});

/** The row of the registry of the median. */
export const median = definePruner({
  name: 'median',
  description: 'ends trials that are worse than the median of the others at the same step',
  options: z.object(shared),
  create: (options) => percentilePruner({ ...options, percentile: 50 }),
});

const percentilePruner = (options: Options): Pruner => ({
  decide: ({ trial, trials, direction }) => ({ prune: isWorse(trial, trials, direction, options) }),
});

function isWorse(
  trial: TrialRecord,
  trials: readonly TrialRecord[],
  direction: Direction,
  { percentile, startupTrials, warmupSteps, intervalSteps, minTrials }: Options,
): boolean {
  const complete = trials.filter(({ state }) => state === 'complete');
  const step = lastStep(trial);
  if (step === undefined || complete.length === 0 || complete.length < startupTrials || step < warmupSteps)
    return false;
  const steps = [...trial.intermediateValues.keys()].filter((each) => each !== step);
  const begin = Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
  if (Math.max(-1, ...steps) >= begin) return false; // the interval has been decided about
  const sign = direction === 'maximize' ? -1 : 1;
  const own = [...trial.intermediateValues.values()]
    .filter((value) => !Number.isNaN(value))
    .map((value) => sign * value);
  if (own.length === 0) return true;
  const others = complete.flatMap(({ intermediateValues }) => {
    const value = intermediateValues.get(step);
    return value === undefined ? [] : [sign * value];
  });
  if (others.length < minTrials) return false;
  const limit = percentileOf(
    others.filter((value) => !Number.isNaN(value)),
    percentile,
  );
  return Math.min(...own) > limit;
}

/** With linear interpolation; NaN, which nothing is worse than, where there are no values. */
function percentileOf(values: readonly number[], percentage: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percentage) / 100;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? Number.NaN) - low);
}
