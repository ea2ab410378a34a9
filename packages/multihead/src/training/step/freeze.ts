/** @file Selects the trainable parameters. Frozen parameters need no backward pass. */

import { groupOf, isInBase } from '../../models/core/parameter-groups.js';
import { isOfLoss, type PretrainedModel } from '../../models/core/pretrained.js';
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
  const names = [...model.weights.parameters.keys()];
  // A model without a head has no part of its own for the base model: all of it is that.
  const hasHead = names.some((name) => isInBase(model, name));
  const isTrainable = (name: string): boolean => {
    if (freeze === 'none' || isOfLoss(name)) return true;
    return freeze === 'backbone' ? hasHead && !isInBase(model, name) : groupOf(model, name) > freeze;
  };
  if (!names.some(isTrainable)) {
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
