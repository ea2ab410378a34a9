/** @file The head learns, or the last layers; what is frozen costs no backward pass. */
import { UserError } from '../../platform/errors.js';
import { learns } from '../step/freeze.js';
import type { TrainingMethod } from './method.js';
import { wholeModel } from './whole-model.js';

/** Freezing as a row of the registry. What stays as it is, the option `freeze` says. */
export const freeze: TrainingMethod = {
  name: 'freeze',
  description: 'the head learns, or the last layers (freeze)',
  check: (_, { freeze: kept }) => {
    if (kept === 'none')
      throw new UserError('method is freeze; freeze must say what stays as it is, such as "backbone"');
  },
  prepare: async (model, _, options) => ({
    ...(await wholeModel(model)),
    trainable: learns(model, options.freeze),
  }),
};
