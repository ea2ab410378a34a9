/** @file The samplers that there are. A new one is a file, or a folder, beside this and a row here. */
import type { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { cmaEs } from './cma-es/cma-es.js';
import { grid } from './grid.js';
import { nsgaII } from './nsga-ii/nsga-ii.js';
import { random } from './random.js';
import type { SamplerDefinition } from './sampler.js';
import { sobol } from './sobol/sobol.js';
import { tpe } from './tpe/tpe.js';

const registry = new Map<string, SamplerDefinition>();

/** The built-in samplers. */
const builtIn = [tpe, random, grid, sobol, cmaEs, nsgaII] as const;

/** The names of the built-in samplers. */
export type BuiltInSampler = 'tpe' | 'random' | 'grid' | 'sobol' | 'cma-es' | 'nsga-ii';

/** A sampler's name: a built-in one, or one that was registered. */
export type SamplerName = BuiltInSampler | (string & {});

/**
 * Registers a sampler, which `search` and the command line then know by its name.
 *
 * @throws UserError if the name is taken
 * @example
 * import { z } from 'zod';
 *
 * registerSampler(
 *   defineSampler({
 *     name: 'middle',
 *     description: 'always the middle of an interval',
 *     options: z.object({}),
 *     create: () => ({ sampleIndependent: (_, __, distribution) => fromUnit(distribution, 0.5) }),
 *   }),
 * );
 */
export function registerSampler<Options extends z.ZodObject>(definition: SamplerDefinition<Options>): void {
  if (registry.has(definition.name)) throw new UserError(`there is already a sampler "${definition.name}"`);
  registry.set(definition.name, definition as unknown as SamplerDefinition);
}

for (const definition of builtIn) registerSampler(definition);

/**
 * Returns the samplers, in the order in which they were registered.
 *
 * @example
 * samplers().map(({ name }) => name); // ['tpe', 'random', ...]
 */
export const samplers = (): readonly SamplerDefinition[] => [...registry.values()];

/** @throws UserError that lists the names that there are */
export function samplerNamed(name: string): SamplerDefinition {
  const found = registry.get(name);
  if (found) return found;
  const names = [...registry.keys()];
  const likely = likelyName(name, names);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`there is no sampler "${name}"; there are: ${names.join(', ')}${hint}`);
}
