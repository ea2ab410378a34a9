/** @file Which parameters training changes. What is frozen costs no backward pass. */
import { UserError } from '../errors.js';
import { groupOf, isInBase } from '../models/parameter-groups.js';
import type { PretrainedModel } from '../models/pretrained.js';
import type { Parameter } from '../nn/module.js';
import type { TrainingOptions } from './options.js';

/**
 * The parameters that stay trainable, of those that are (`Parameter.trainable`).
 *
 * @param freeze `backbone`: only the head learns. N: embeddings and the first N layers stay as they are.
 */
export function trainableParameters(model: PretrainedModel, freeze: TrainingOptions['freeze']): Parameter[] {
  const parameters = [...model.weights.parameters];
  const layers = model.config.numHiddenLayers;
  if (typeof freeze === 'number' && freeze > layers) {
    throw new UserError(`freeze is ${freeze}, but the model has only ${layers} layers`);
  }
  const isTrainable = (name: string, parameter: Parameter): boolean => {
    if (!parameter.trainable) return false;
    if (freeze === 'none') return true;
    return freeze === 'backbone' ? !isInBase(model, name) : groupOf(model, name) > freeze;
  };
  const trainable = parameters
    .filter(([name, parameter]) => isTrainable(name, parameter))
    .map(([, parameter]) => parameter);
  if (trainable.length === 0) throw new UserError('freeze: nothing is left to train; the model has no head');
  return trainable;
}
