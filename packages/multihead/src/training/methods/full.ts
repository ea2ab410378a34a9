/** @file All parameters learn. */
import type { TrainingMethod } from './method.js';
import { wholeModel } from './whole-model.js';

/** Full training as a row of the registry. */
export const full: TrainingMethod = {
  name: 'full',
  description: 'all parameters learn',
  prepare: async (model) => ({ trainable: () => true, ...(await wholeModel(model)) }),
};
