/** @file Features of examples, as training wants them. */
import type { Feature } from './feature.js';
import type { Task } from './task.js';

/** Encodes examples for training: by the task's `encodeTraining` where it has one, else as for prediction. */
export const encodeForTraining = <Example, OneFeature extends Feature>(
  task: Pick<Task<Example, OneFeature>, 'encode' | 'encodeTraining'>,
  examples: readonly Example[],
): Promise<OneFeature[][]> => task.encodeTraining?.(examples) ?? task.encode(examples);
