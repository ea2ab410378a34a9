/** @file Parameters that a task fits to the training examples besides the optimizer's steps: when, and whether it can. */
import { UserError } from '../../platform/errors.js';
import type { Fitting } from '../../tasks/task.js';
import type { TrainingOptions } from './options.js';
import { isSource, isStream, type RunInputs } from './trainer-inputs.js';

/**
 * Refuses a run of no steps that would fit nothing either, and fitting to a stream.
 *
 * @throws UserError
 */
export function checkFitting<Example>(
  inputs: RunInputs<Example>,
  { epochs, maxSteps }: Pick<TrainingOptions, 'epochs' | 'maxSteps'>,
): void {
  const fitting = isSource(inputs) ? undefined : inputs.task.fitting;
  if (!fitting && epochs === 0 && maxSteps === 0) {
    throw new UserError(
      'epochs is 0, and the task fits nothing besides the steps, as a linear probe would; it must be 1 or more',
    );
  }
  if (fitting && isStream(inputs.train)) {
    throw new UserError(
      'the last layer is fitted to all examples at once; read them into memory (without `streaming`)',
    );
  }
}

/** Fits what a task fits at this time, and returns whether there was something to fit. */
export async function fit<Example>(inputs: RunInputs<Example>, when: Fitting<Example>['when']): Promise<boolean> {
  if (isSource(inputs) || inputs.task.fitting?.when !== when) return false;
  await inputs.task.fitting.fit(inputs.model, inputs.train as readonly Example[]);
  return true;
}
