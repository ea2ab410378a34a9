/**
 * @file The schedule `reduce_lr_on_plateau`, PyTorch's ReduceLROnPlateau: it reduces the rate when evaluations stop
 *   improving.
 */
import type { ScheduleSettings } from './schedule.js';

/** State of the schedule after the evaluations so far. */
export interface Plateau {
  /** Factor of the learning rate. */
  readonly rateFactor: number;
  readonly best: number | null;
  readonly badEvaluations: number;
  /** Remaining evaluations of the cooldown, which are ignored. */
  readonly cooldownLeft: number;
}

/** The state before the first evaluation. */
export const noPlateau: Plateau = { rateFactor: 1, best: null, badEvaluations: 0, cooldownLeft: 0 };

/** Smallest reduction that is applied: PyTorch's `eps`. */
const leastFall = 1e-8;

/**
 * Updates the state with an evaluation.
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
