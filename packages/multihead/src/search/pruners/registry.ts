/** @file The pruners that there are. A new one is a file beside this and a row here. */
import type { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { hyperband } from './hyperband.js';
import { none } from './none.js';
import { median, percentile } from './percentile.js';
import type { PrunerDefinition } from './pruner.js';
import { asha } from './successive-halving.js';

const registry = new Map<string, PrunerDefinition>();

/** The built-in pruners. */
const builtIn = [none, median, percentile, asha, hyperband] as const;

/** The names of the built-in pruners. */
export type BuiltInPruner = 'none' | 'median' | 'percentile' | 'asha' | 'hyperband';

/** A pruner's name: a built-in one, or one that was registered. */
export type PrunerName = BuiltInPruner | (string & {});

/**
 * Registers a pruner, which `search` and the command line then know by its name.
 *
 * @throws UserError if the name is taken
 * @example
 * import { z } from 'zod';
 *
 * registerPruner(
 *   definePruner({
 *     name: 'impatient',
 *     description: 'ends each trial at its second report',
 *     options: z.object({}),
 *     create: () => ({ decide: ({ trial }) => ({ prune: trial.intermediateValues.size > 1 }) }),
 *   }),
 * );
 */
export function registerPruner<Options extends z.ZodObject>(definition: PrunerDefinition<Options>): void {
  if (registry.has(definition.name)) throw new UserError(`there is already a pruner "${definition.name}"`);
  registry.set(definition.name, definition as unknown as PrunerDefinition);
}

for (const definition of builtIn) registerPruner(definition);

/**
 * Returns the pruners, in the order in which they were registered.
 *
 * @example
 * pruners().map(({ name }) => name); // ['none', ...]
 */
export const pruners = (): readonly PrunerDefinition[] => [...registry.values()];

/** @throws UserError that lists the names that there are */
export function prunerNamed(name: string): PrunerDefinition {
  const found = registry.get(name);
  if (found) return found;
  const names = [...registry.keys()];
  const likely = likelyName(name, names);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`there is no pruner "${name}"; there are: ${names.join(', ')}${hint}`);
}
