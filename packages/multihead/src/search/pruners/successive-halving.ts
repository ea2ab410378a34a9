/**
 * @file Asynchronous successive halving (ASHA, Li et al. 2018): of the trials that reach a rung, the best third goes on to the
 * next, which is three times as far. Nobody waits for others. As in Optuna 5's SuccessiveHalvingPruner.
 */
import { z } from 'zod';
import { type Direction, lastStep, type TrialRecord } from '../trial-record.js';
import { definePruner, type PruningContext, type PruningDecision } from './pruner.js';

/** Options of the rungs. */
export interface Rungs {
  /** The step of the first rung; undefined: a hundredth of the longest trial. */
  readonly minResource: number | undefined;
  readonly reductionFactor: number;
  readonly minEarlyStoppingRate: number;
  readonly bootstrapCount: number;
}

/** The row of the registry. */
export const asha = definePruner({
  name: 'asha',
  description: 'asynchronous successive halving: at each rung the best part goes on',
  options: z.object({
    minResource: z.int().min(1).default(1).describe('step of the first rung'),
    reductionFactor: z
      .int()
      .min(2)
      .default(3)
      .describe('one of so many trials goes on, and the next rung is so many times as far'),
    minEarlyStoppingRate: z.int().min(0).default(0).describe('number of first rungs that are left out'),
    bootstrapCount: z.int().min(0).default(0).describe('trials that must have reached a rung before one goes on'),
  }),
  create: (options) => ({ decide: (context) => halve(context, options) }),
});

/** Where a trial's value at a rung is noted: Optuna's name for it. */
const keyOf = (rung: number): string => `completed_rung_${rung}`;

/** Decides about a trial at all rungs that it has reached by now. */
export function halve({ trial, trials, direction }: PruningContext, rungs: Rungs): PruningDecision {
  const step = lastStep(trial);
  const minResource = rungs.minResource ?? estimatedResource(trials);
  if (step === undefined || minResource === undefined) return { prune: false };
  const value = trial.intermediateValues.get(step) as number;
  const attributes: Record<string, number> = {};
  let rung = 0;
  while (Object.hasOwn(trial.systemAttributes, keyOf(rung))) rung++;
  for (; ; rung++) {
    if (step < minResource * rungs.reductionFactor ** (rungs.minEarlyStoppingRate + rung))
      return { prune: false, attributes };
    if (Number.isNaN(value)) return { prune: true, attributes };
    const key = keyOf(rung);
    attributes[key] = value;
    const others = trials.flatMap(({ id, systemAttributes }) =>
      id !== trial.id && typeof systemAttributes[key] === 'number' ? [systemAttributes[key]] : [],
    );
    const competing = [...others, value];
    if (competing.length <= rungs.bootstrapCount) return { prune: true, attributes };
    if (!isPromoted(value, competing, rungs.reductionFactor, direction)) return { prune: true, attributes };
  }
}

/** Of fewer trials than the factor, the best goes on. */
function isPromoted(value: number, competing: readonly number[], factor: number, direction: Direction): boolean {
  const sign = direction === 'maximize' ? -1 : 1;
  const sorted = competing.map((each) => sign * each).sort((a, b) => a - b);
  const last = Math.max(0, Math.floor(sorted.length / factor) - 1);
  return sign * value <= (sorted[last] as number);
}

function estimatedResource(trials: readonly TrialRecord[]): number | undefined {
  const steps = trials.flatMap((trial) => (trial.state === 'complete' ? (lastStep(trial) ?? []) : []));
  return steps.length === 0 ? undefined : Math.max(1, Math.floor(Math.max(...steps) / 100));
}
