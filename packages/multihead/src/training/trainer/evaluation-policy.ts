/**
 * @file Decides when a run evaluates, and applies an evaluation: best model, learning rate on a plateau, early
 *   stopping.
 */
import type { Evaluation } from '../../tasks/task.js';
import type { RunState } from '../checkpoints/checkpoint.js';
import { afterPlateauEvaluation } from '../schedules/plateau.js';
import { afterEvaluation, comparedMetric, hasWaitedEnough } from './best-model.js';
import { evaluationStrategy, type TrainingOptions } from './options.js';

/** Whether an evaluation is due after a step that is not the last. */
export const isDueAfterStep = (options: TrainingOptions, step: number): boolean =>
  evaluationStrategy(options) === 'steps' && step % options.evalSteps === 0;

/** Whether an evaluation is due after an epoch, or at the end of the run. */
export function isDueAfterEpoch(options: TrainingOptions, isOver: boolean): boolean {
  const strategy = evaluationStrategy(options);
  return strategy === 'epoch' || (strategy === 'steps' && isOver);
}

/** Whether the result is the best model of those evaluated, rather than the last one. */
export const keepsBest = (options: TrainingOptions): boolean =>
  options.loadBestModelAtEnd && evaluationStrategy(options) !== 'no';

/** Returns the run's state after an evaluation, and whether its model is the best so far. */
export function stateAfterEvaluation(
  state: RunState,
  evaluation: Evaluation,
  options: TrainingOptions,
): RunState & { readonly isBest: boolean } {
  const { lrSchedulerType, lrSchedulerKwargs, learningRate } = options;
  const after = afterEvaluation(state, evaluation, options);
  const plateau =
    lrSchedulerType === 'reduce_lr_on_plateau'
      ? afterPlateauEvaluation(state.plateau, comparedMetric(evaluation, options), lrSchedulerKwargs, learningRate)
      : state.plateau;
  return { ...state, ...after, plateau, isStopped: state.isStopped || hasWaitedEnough(after, options) };
}
