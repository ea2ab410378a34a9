/** @file Selects the trainable parameters. Frozen parameters need no backward pass. */

import { groupOf, isInBase } from '../../models/core/parameter-groups.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { Parameter } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import type { TrainingOptions } from '../trainer/options.js';

/**
 * Returns whether a parameter is trainable, by name.
 *
 * @param freeze `backbone`: only the head is trained. N: embeddings and the first N layers are frozen.
 */
export function learns(model: PretrainedModel, freeze: TrainingOptions['freeze']): (name: string) => boolean {
  const layers = model.config.numHiddenLayers;
  if (typeof freeze === 'number' && freeze > layers) {
    throw new UserError(`freeze is ${freeze}, but the model has only ${layers} layers`);
  }
  const isTrainable = (name: string): boolean => {
    if (freeze === 'none') return true;
    return freeze === 'backbone' ? !isInBase(model, name) : groupOf(model, name) > freeze;
  };
  if (![...model.weights.parameters.keys()].some(isTrainable)) {
    throw new UserError('freeze: nothing is left to train; the model has no head');
  }
  return isTrainable;
}

/** Returns the parameters to train, among those that are trainable ({@link Parameter.trainable}). */
export function trainableParameters(model: PretrainedModel, freeze: TrainingOptions['freeze']): Parameter[] {
  const isTrainable = learns(model, freeze);
  const parameters = [...model.weights.parameters];
  return parameters.flatMap(([name, parameter]) => (parameter.trainable && isTrainable(name) ? [parameter] : []));
}
