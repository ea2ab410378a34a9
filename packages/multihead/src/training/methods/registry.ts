/** @file The registry of training methods. A new method is one file in this folder and one row here. */

import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import type { TrainingOptions } from '../trainer/options.js';
import { freeze } from './freeze.js';
import { full } from './full.js';
import { lora } from './lora.js';
import type { PreparedMethod, TrainingMethod } from './method.js';

const registered = new Map<string, TrainingMethod>([full, freeze, lora].map((method) => [method.name, method]));

/** The name of a training method, built-in or registered. */
export type MethodName = 'full' | 'freeze' | 'lora' | (string & {});

/**
 * Returns all training methods, in the order of their registration.
 *
 * @example
 * trainingMethods().map(({ name }) => name); // ['full', 'freeze', 'lora']
 */
export const trainingMethods = (): readonly TrainingMethod[] => [...registered.values()];

/**
 * Registers a custom training method under its name for `method`. The command line has a flag for each of its settings.
 *
 * @throws UserError if a method with this name exists
 * @example
 * registerMethod({
 *   name: 'biases',
 *   description: 'trains only the biases (BitFit, Ben Zaken et al. 2022)',
 *   prepare: async (model) => ({ trainable: (name) => name.endsWith('bias'), ...(await wholeModel(model)) }),
 * });
 */
export function registerMethod(method: TrainingMethod): void {
  const { name } = method;
  if (registered.has(name)) throw new UserError(`registerMethod: there is a method "${name}" already`);
  registered.set(name, method);
}

/**
 * Looks up a training method by name.
 *
 * @throws UserError that lists the names
 */
export function methodNamed(name: string): TrainingMethod {
  const method = registered.get(name);
  if (method) return method;
  const names = [...registered.keys()];
  const likely = likelyName(String(name), names);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`method is ${name}; it must be one of ${names.join(', ')}${hint}`);
}

/** Returns the method of a run: if none is named, it follows from `freeze`. */
export const methodOf = ({ method, freeze: kept }: Pick<TrainingOptions, 'method' | 'freeze'>): TrainingMethod =>
  methodNamed(method ?? (kept === 'none' ? 'full' : 'freeze'));

/** Returns the default learning rate of a run's method, as a multiple of that of full training. */
export const rateFactor = (options: Pick<TrainingOptions, 'method' | 'freeze'>): number =>
  methodOf(options).rateFactor ?? 1;

/**
 * Prepares a model for a run's method, and marks the trainable parameters.
 *
 * @throws UserError if nothing would be trained
 */
export async function prepareMethod(
  model: PretrainedModel,
  options: Pick<TrainingOptions, 'method' | 'methodArgs' | 'freeze' | 'seed'>,
): Promise<PreparedMethod> {
  const method = methodOf(options);
  const prepared = await method.prepare(model, options.methodArgs, options);
  let count = 0;
  for (const [name, parameter] of model.weights.parameters) {
    parameter.trainable = prepared.trainable(name);
    if (parameter.trainable) count += 1;
  }
  if (count === 0) throw new UserError(`${method.name}: nothing is left to train`);
  return prepared;
}
