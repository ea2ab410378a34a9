/**
 * @file Hyperband (Li et al. 2018): several brackets of successive halving, of which the first prunes early and the last not at
 * all. A trial's bracket follows from its number and the study's name, as in Optuna 5's HyperbandPruner.
 */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { lastStep, type TrialRecord } from '../trial-record.js';
import { definePruner, type PruningContext } from './pruner.js';
import { compareOption, halve } from './successive-halving.js';

/** The row of the registry. */
export const hyperband = definePruner({
  name: 'hyperband',
  description: 'several brackets of successive halving, from early pruning to none',
  options: z.object({
    minResource: z.int().min(1).default(1).describe('step of the first rung'),
    maxResource: z
      .int()
      .min(1)
      .optional()
      .describe('steps of a whole trial')
      .meta({ usual: 'those of the longest complete trial' }),
    reductionFactor: z
      .int()
      .min(2)
      .default(3)
      .describe('N: one in N trials is promoted to the next rung, which is N times as far'),
    bootstrapCount: z.int().min(0).default(0).describe('trials that must reach a rung before one is promoted'),
    compare: compareOption,
  }),
  create({ minResource, maxResource: given, reductionFactor, bootstrapCount, compare }) {
    if (given !== undefined && given < minResource) {
      throw new UserError(
        `prunerOptions.maxResource is ${given}, below minResource, ${minResource}; a trial would not reach its first rung`,
      );
    }
    let maxResource = given; // once found, it stays: brackets of trials must not change
    return {
      decide(context) {
        maxResource ??= longest(context.trials, minResource);
        if (maxResource === undefined) return { prune: false };
        const ratio = Math.log(maxResource / minResource) / Math.log(reductionFactor);
        const budgets = budgetsOf(Math.floor(ratio) + 1, reductionFactor);
        const own = bracketOf(context.name, context.trial.number, budgets);
        const trials = context.trials.filter(({ number }) => bracketOf(context.name, number, budgets) === own);
        const bracket: PruningContext = { ...context, trials };
        return halve(bracket, { minResource, reductionFactor, minEarlyStoppingRate: own, bootstrapCount, compare });
      },
    };
  },
});

/** The steps of the longest complete trial; undefined where none reached the first rung. */
function longest(trials: readonly TrialRecord[], minResource: number): number | undefined {
  const steps = trials.flatMap((trial) => (trial.state === 'complete' ? (lastStep(trial) ?? []) : []));
  const most = Math.max(0, ...steps);
  return most < minResource ? undefined : most + 1;
}

/** How many trials each bracket has, of each other. */
export const budgetsOf = (brackets: number, factor: number): number[] =>
  Array.from({ length: brackets }, (_, bracket) => {
    const s = brackets - 1 - bracket;
    return Math.ceil((brackets * factor ** s) / (s + 1));
  });

/** The bracket of a trial. */
export function bracketOf(study: string, number: number, budgets: readonly number[]): number {
  const total = budgets.reduce((a, b) => a + b, 0);
  let left = crc32(new TextEncoder().encode(`${study}_${number}`)) % total;
  for (const [bracket, budget] of budgets.entries()) {
    left -= budget;
    if (left < 0) return bracket;
  }
  return budgets.length - 1;
}

/** The checksum of zip and gzip, bit by bit: names are short. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
