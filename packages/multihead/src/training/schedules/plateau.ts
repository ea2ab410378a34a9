/** @file The schedule `reduce_lr_on_plateau`, PyTorch's ReduceLROnPlateau: the rate falls when evaluations get no better. */
import type { ScheduleSettings } from './schedule.js';

/** What the evaluations so far have made of the rate. */
export interface Plateau {
  /** The rate is multiplied by this. */
  readonly rateFactor: number;
  readonly best: number | null;
  readonly badEvaluations: number;
  /** Evaluations that do not count any more before the rate may fall again. */
  readonly cooldownLeft: number;
}

/** Before the first evaluation. */
export const noPlateau: Plateau = { rateFactor: 1, best: null, badEvaluations: 0, cooldownLeft: 0 };

/** A fall smaller than this is none: PyTorch's `eps`. */
const leastFall = 1e-8;

/**
 * Takes an evaluation into account.
 *
 * @param learningRate the peak, of which `minLr` may be a part
 */
export function afterPlateauEvaluation(
  plateau: Plateau,
  { value, greaterIsBetter }: { readonly value: number; readonly greaterIsBetter: boolean },
  { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minLr = 0 }: ScheduleSettings,
  learningRate: number,
): Plateau {
  const { best, rateFactor } = plateau;
  // Not every score is a number: predictions that are all the same have no correlation.
  const isBetter = greaterIsBetter
    ? value > (best ?? Number.NEGATIVE_INFINITY) * (1 + threshold)
    : value < (best ?? Number.POSITIVE_INFINITY) * (1 - threshold);
  const isCooling = plateau.cooldownLeft > 0;
  const badEvaluations = isBetter || isCooling ? 0 : plateau.badEvaluations + 1;
  const cooldownLeft = isCooling ? plateau.cooldownLeft - 1 : 0;
  const next = { rateFactor, best: isBetter ? value : best, badEvaluations, cooldownLeft };
  if (badEvaluations <= patience) return next;
  const lower = Math.max(rateFactor * factor, minLr / learningRate);
  const falls = (rateFactor - lower) * learningRate > leastFall;
  return { ...next, rateFactor: falls ? lower : rateFactor, badEvaluations: 0, cooldownLeft: cooldown };
}
