/** @file The split of TPE: the best trials, of which there are few, and all others. As in Optuna 5's `_split_trials`. */
import { losses } from '../../best.js';
import { bestByRank } from '../../hypervolume.js';
import type { Direction, TrialRecord } from '../../trial-record.js';
import { lastStep } from '../../trial-record.js';

/** Trials, in the order of their numbers. */
export interface Split {
  readonly below: readonly TrialRecord[];
  readonly above: readonly TrialRecord[];
}

/** How many trials count as the best. */
export const bestCount = (finished: number, objectives: number): number =>
  objectives > 1 ? Math.ceil(0.1 * finished) : Math.min(Math.ceil(0.1 * finished), 25);

/**
 * Splits trials. Complete ones come first, then pruned ones, which were the better the later they were pruned; trials that run
 * are none of the best.
 */
export function splitTrials(trials: readonly TrialRecord[], directions: readonly Direction[], count: number): Split {
  const complete = trials.filter(({ state }) => state === 'complete');
  const pruned = trials.filter(({ state }) => state === 'pruned');
  const best = new Set(
    directions.length > 1 ? bestByRank(complete, directions, count) : bestOf(complete, directions, count),
  );
  const [direction = 'minimize'] = directions;
  for (const trial of prunedInOrder(pruned, direction).slice(0, Math.max(0, count - best.size))) best.add(trial);
  const counted = trials.filter(({ state }) => state === 'complete' || state === 'pruned' || state === 'running');
  const inOrder = counted.toSorted((a, b) => a.number - b.number);
  return { below: inOrder.filter((trial) => best.has(trial)), above: inOrder.filter((trial) => !best.has(trial)) };
}

function bestOf(complete: readonly TrialRecord[], directions: readonly Direction[], count: number): TrialRecord[] {
  const loss = ({ values = [] }: TrialRecord) => losses(values, directions)[0] as number;
  return complete.toSorted((a, b) => loss(a) - loss(b)).slice(0, count);
}

/** Those that came furthest first; among equal ones, those with the better last value. */
function prunedInOrder(pruned: readonly TrialRecord[], direction: Direction): TrialRecord[] {
  const score = (trial: TrialRecord): readonly [number, number] => {
    const step = lastStep(trial);
    if (step === undefined) return [1, 0];
    const value = trial.intermediateValues.get(step) as number;
    return [-step, Number.isNaN(value) ? Number.POSITIVE_INFINITY : direction === 'minimize' ? value : -value];
  };
  const scored = pruned.map((trial) => ({ trial, score: score(trial) }));
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  return scored
    .sort(({ score: a }, { score: b }) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(({ trial }) => trial);
}
