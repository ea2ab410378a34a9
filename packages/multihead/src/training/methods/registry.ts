/** @file The training methods that there are. A new one is a file beside this one, and a row here. */

import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import type { TrainingOptions } from '../trainer/options.js';
import { freeze } from './freeze.js';
import { full } from './full.js';
import { lora } from './lora.js';
import type { PreparedMethod, TrainingMethod } from './method.js';

const registered = new Map<string, TrainingMethod>([full, freeze, lora].map((method) => [method.name, method]));

/** The name of a method: one of the library's own, or one that was registered. */
export type MethodName = 'full' | 'freeze' | 'lora' | (string & {});

/**
 * The training methods, in the order in which they were registered.
 *
 * @example
 * trainingMethods().map(({ name }) => name); // ['full', 'freeze', 'lora']
 */
export const trainingMethods = (): readonly TrainingMethod[] => [...registered.values()];

/**
 * Registers a method of your own: from then on `method` may name it, and the command line has a flag for each of its settings.
 *
 * @throws UserError where there is a method of this name
 * @example
 * registerMethod({
 *   name: 'biases',
 *   description: 'biases alone learn (BitFit, Ben Zaken et al. 2022)',
 *   prepare: async (model) => ({ trainable: (name) => name.endsWith('bias'), ...(await wholeModel(model)) }),
 * });
 */
export function registerMethod(method: TrainingMethod): void {
  const { name } = method;
  if (registered.has(name)) throw new UserError(`registerMethod: there is a method "${name}" already`);
  registered.set(name, method);
}

/**
 * The method of a name.
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

/** The method of a run: where none is named, `freeze` says which. */
export const methodOf = ({ method, freeze: kept }: Pick<TrainingOptions, 'method' | 'freeze'>): TrainingMethod =>
  methodNamed(method ?? (kept === 'none' ? 'full' : 'freeze'));

/** The learning rate that a run's method takes where none is given, as a multiple of that of full training. */
export const rateFactor = (options: Pick<TrainingOptions, 'method' | 'freeze'>): number =>
  methodOf(options).rateFactor ?? 1;

/**
 * Makes a model ready for a run's method, and marks the parameters that learn.
 *
 * @throws UserError where nothing would learn
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
