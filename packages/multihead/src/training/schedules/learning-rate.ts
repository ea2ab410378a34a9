/** @file The learning rate of a step: the peak, times what the schedule says, times what plateaus have left of it. */
import type { RunState } from '../checkpoints/checkpoint.js';
import type { TrainingOptions } from '../trainer/options.js';
import { scheduleFactor } from './schedule.js';

/** The rate with which the step after `state.step` steps is made. */
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
