/**
 * @file Asynchronous successive halving (ASHA, Li et al. 2018): of the trials that reach a rung, the best third is promoted to the
 * next, which is three times as far. No trial waits for others. As in Optuna 5's
 * SuccessiveHalvingPruner, apart from the value that is compared.
 */
import { z } from 'zod';
import { type Direction, lastStep, type TrialRecord } from '../trial-record.js';
import { definePruner, type PruningContext, type PruningDecision } from './pruner.js';

/** Options of the rungs. */
export interface Rungs {
  /** The step of the first rung. */
  readonly minResource: number;
  readonly reductionFactor: number;
  readonly minEarlyStoppingRate: number;
  readonly bootstrapCount: number;
  /** What is compared at a rung: the best value that a trial has reported by then, or the last. */
  readonly compare: 'best' | 'last';
}

/** The option of pruners by rungs. */
export const compareOption = z
  .enum(['best', 'last'])
  .default('best')
  .describe('value of a trial at a rung: the best so far, as the best model is kept, or the last, as in Optuna');

/** The row of the registry. */
export const asha = definePruner({
  name: 'asha',
  description: 'asynchronous successive halving: at each rung, the best trials are promoted',
  options: z.object({
    minResource: z.int().min(1).default(1).describe('step of the first rung'),
    reductionFactor: z
      .int()
      .min(2)
      .default(3)
      .describe('N: one in N trials is promoted to the next rung, which is N times as far'),
    minEarlyStoppingRate: z.int().min(0).default(0).describe('number of first rungs without pruning'),
    bootstrapCount: z.int().min(0).default(0).describe('trials that must reach a rung before one is promoted'),
    compare: compareOption,
  }),
  create: (options) => ({ decide: (context) => halve(context, options) }),
});

/** Where a trial's value at a rung is noted: Optuna's name for it. */
const keyOf = (rung: number): string => `completed_rung_${rung}`;

/** Decides about a trial at all rungs that it has reached by now. */
export function halve({ trial, trials, direction }: PruningContext, rungs: Rungs): PruningDecision {
  const step = lastStep(trial);
  if (step === undefined) return { prune: false };
  const value = rungs.compare === 'last' ? (trial.intermediateValues.get(step) as number) : bestOf(trial, direction);
  const attributes: Record<string, number> = {};
  let rung = 0;
  while (Object.hasOwn(trial.systemAttributes, keyOf(rung))) rung++;
  for (; ; rung++) {
    if (step < rungs.minResource * rungs.reductionFactor ** (rungs.minEarlyStoppingRate + rung))
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

/** The best reported value; NaN where there is none. */
function bestOf({ intermediateValues }: TrialRecord, direction: Direction): number {
  const values = [...intermediateValues.values()].filter((value) => !Number.isNaN(value));
  if (values.length === 0) return Number.NaN;
  return direction === 'maximize' ? Math.max(...values) : Math.min(...values);
}

/** Of fewer trials than the factor, the best is promoted. */
function isPromoted(value: number, competing: readonly number[], factor: number, direction: Direction): boolean {
  const sign = direction === 'maximize' ? -1 : 1;
  const sorted = competing.map((each) => sign * each).sort((a, b) => a - b);
  const last = Math.max(0, Math.floor(sorted.length / factor) - 1);
  return sign * value <= (sorted[last] as number);
}
