/** @file The examples that `multihead train` learns from and evaluates on. */
import { UserError } from '../../../platform/errors.js';
import type { TaskDefinition, TrainingData } from '../../../tasks/define-task.js';
import type { BadRows } from '../../options/bad-rows.js';
import { type DataArguments, readingOf } from '../../options/data-options.js';
import { inFlags } from '../../options/flag-names.js';
import { taskOptions } from '../../options/task-options.js';

/** Where examples come from. */
export interface TrainingDataArguments extends DataArguments {
  readonly train: string;
  readonly eval?: string;
  readonly evalSplit?: number;
  readonly streaming?: boolean;
  readonly shuffleBufferSize?: number;
  readonly seed?: number;
}

/** What evaluation is on, for reports. */
export const evaluationSource = ({ eval: source, train, evalSplit }: TrainingDataArguments): string =>
  source ?? `${train} (--eval-split ${evalSplit})`;

/** Reads the examples of a task. */
export function readTrainingData<Example, Prediction, Facts>(
  task: TaskDefinition<Example, Prediction, Facts>,
  options: TrainingDataArguments,
  badRows: BadRows,
): Promise<TrainingData<Example, Facts>> {
  const { train, eval: evaluation, evalSplit, streaming, shuffleBufferSize, seed } = options;
  if (shuffleBufferSize !== undefined && !streaming) throw new UserError('--shuffle-buffer-size goes with --streaming');
  if (evalSplit !== undefined && evaluation) {
    throw new UserError('--eval and --eval-split exclude each other; give one of them');
  }
  return task.readTraining({
    train,
    eval: evaluation,
    evalSplit,
    streaming,
    seed,
    reading: (split) => readingOf(task as TaskDefinition, options, split, badRows),
    options: taskOptions(task as TaskDefinition, ['training', 'settings'], options),
    onRead: () => badRows.show(),
    onNote: (note) => console.error(inFlags(note)),
  });
}
