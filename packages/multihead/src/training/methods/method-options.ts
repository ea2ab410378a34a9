/** @file The options that select a training method: `method` with `methodArgs`, or the shorthand `lora: { ... }`. */

import type { LoraSettings } from '../../models/adapters/lora-settings.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { TrainingOptions } from '../trainer/options.js';
import { methodOf, trainingMethods } from './registry.js';

/** Shorthands for a method with its settings: options with the method's name. */
export interface MethodShorthands {
  /** Trains by LoRA with these settings: `{ method: 'lora', methodArgs: { ... } }`. */
  readonly lora?: Partial<LoraSettings> | undefined;
}

/** The names of methods that have settings, which may be given as options. */
export const methodShorthands = (): string[] =>
  trainingMethods().flatMap(({ name, settings }) => (settings ? [name] : []));

/** Expands a method's shorthand. */
export function withMethod(given: Partial<TrainingOptions> & MethodShorthands): Partial<TrainingOptions> {
  const [name, ...more] = methodShorthands().filter((each) => Object.hasOwn(given, each));
  if (name === undefined) return given;
  if (more.length > 0) throw new UserError(`${name} and ${more.join(', ')} exclude each other; give one of them`);
  const { [name as 'lora']: args, ...rest } = given;
  if (rest.method !== undefined && rest.method !== name) {
    throw new UserError(`method is ${rest.method}, but there are settings of ${name}; give one of the two`);
  }
  return { ...rest, method: name, methodArgs: { ...rest.methodArgs, ...args } };
}

/**
 * Validates the method and its settings.
 *
 * @throws UserError
 */
export function checkMethod(options: TrainingOptions): void {
  const method = methodOf(options);
  const names = method.settings ? Object.keys(method.settings.shape) : [];
  if (names.length > 0) checkOptionNames(options.methodArgs, names, method.name);
  else if (Object.keys(options.methodArgs).length > 0) {
    throw new UserError(`methodArgs is ${JSON.stringify(options.methodArgs)}, but ${method.name} has no settings`);
  }
  method.check?.(options.methodArgs, options);
}
