/** @file The training method `full`: trains all parameters. */
import type { TrainingMethod } from './method.js';
import { wholeModel } from './whole-model.js';

/** Full training as a row of the registry. */
export const full: TrainingMethod = {
  name: 'full',
  description: 'trains all parameters',
  prepare: async (model) => ({ trainable: () => true, ...(await wholeModel(model)) }),
};
