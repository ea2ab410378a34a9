/** @file The model of a folder, of the class that its configuration names. */

import { UserError } from '../platform/errors.js';
import { AutoConfig } from './auto-config.js';
import { loadPretrained } from './core/load-pretrained.js';
import type { FromPretrainedOptions, ModelClass, PretrainedModel } from './core/pretrained.js';
import type { AnyModelClass } from './family.js';
import { familyOf } from './registry.js';

/**
 * Loads a model of the class that `architectures` in config.json names, with or without a head.
 *
 * @throws UserError for a class that Multihead does not have, which lists those of the family
 */
export async function loadArchitecture(folder: string, options: FromPretrainedOptions = {}): Promise<PretrainedModel> {
  const { modelType, architectures } = await AutoConfig.fromPretrained(folder);
  const { base, heads } = familyOf(modelType, folder);
  const classes: readonly AnyModelClass[] = [...(base ? [base] : []), ...Object.values(heads)];
  const found = classes.find(({ name }) => architectures.includes(name));
  if (found) return loadPretrained(found as unknown as ModelClass<PretrainedModel>, folder, options);
  throw new UserError(
    `${folder}: the configuration names ${architectures.join(', ') || 'no architecture'}; Multihead has ` +
      classes.map(({ name }) => name).join(', '),
  );
}
