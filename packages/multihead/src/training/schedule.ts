/** @file Learning-rate schedules: the factor by which the rate is multiplied at each step. */

/**
 * Linear schedule with warm-up (Hugging Face's `linear`): from 0 up to 1 over the warm-up steps, then down to 0 at the
 * end. The very first step of a run with warm-up has rate 0, as there.
 *
 * @param step counts from 0
 */
export function linearSchedule(step: number, warmupSteps: number, totalSteps: number): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  return Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}
