/**
 * @file The learning rate of a step: the peak, times the schedule's factor, times the factor of reduce_lr_on_plateau.
 */
import type { RunState } from '../checkpoints/checkpoint.js';
import type { TrainingOptions } from '../trainer/options.js';
import { scheduleFactor } from './schedule.js';

/** Returns the learning rate of the step that follows `state.step` steps. */
export function learningRateAt(
  options: TrainingOptions,
  { step, plateau }: Pick<RunState, 'step' | 'plateau'>,
  totalSteps: number,
): number {
  const { learningRate, warmupRatio, warmupSteps: given, lrSchedulerType, lrSchedulerKwargs } = options;
  const warmupSteps = given > 0 ? given : Math.ceil(totalSteps * warmupRatio);
  const point = { step, warmupSteps, totalSteps, learningRate };
  return learningRate * plateau.rateFactor * scheduleFactor(lrSchedulerType, point, lrSchedulerKwargs);
}
