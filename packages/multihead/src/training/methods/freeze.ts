/**
 * @file The training method `freeze`: trains only the head or the last layers. Frozen parameters need no backward pass.
 */
import { UserError } from '../../platform/errors.js';
import { learns } from '../step/freeze.js';
import type { TrainingMethod } from './method.js';
import { wholeModel } from './whole-model.js';

/** Freezing, as a row of the registry. The option `freeze` selects what is frozen. */
export const freeze: TrainingMethod = {
  name: 'freeze',
  description: 'trains the head or the last layers, see freeze',
  check: (_, { freeze: kept }) => {
    if (kept === 'none') throw new UserError('method is freeze; freeze must say what to freeze, such as "backbone"');
  },
  prepare: async (model, _, options) => ({
    ...(await wholeModel(model)),
    trainable: learns(model, options.freeze),
  }),
};
