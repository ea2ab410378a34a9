/** @file The pretraining objectives that there are. A new one is a file beside this one, and a row here. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { fillMask } from './fill-mask.js';
import type { PretrainingObjective } from './objective.js';
import { textGeneration } from './text-generation.js';

const registered = new Map<string, PretrainingObjective>(
  ([fillMask, textGeneration] as readonly PretrainingObjective[]).map((objective) => [objective.name, objective]),
);

/**
 * The pretraining objectives, in the order in which they were registered.
 *
 * @example
 * objectives().map(({ name }) => name); // ['fill-mask', 'text-generation']
 */
export const objectives = (): readonly PretrainingObjective[] => [...registered.values()];

/**
 * Makes an objective known to `multihead pretrain`, with a flag for each of its options.
 *
 * @throws UserError where there is an objective of this name
 * @example
 * registerObjective({ ...objectiveNamed('text-generation'), name: 'stories', description: 'stories, token by token' });
 */
export function registerObjective(objective: PretrainingObjective): void {
  const { name } = objective;
  if (registered.has(name)) throw new UserError(`registerObjective: there is an objective "${name}" already`);
  registered.set(name, objective);
}

/**
 * The objective of a name.
 *
 * @throws UserError that lists the names
 * @example
 * objectiveNamed('fill-mask').description; // 'masked language modeling (BERT)'
 */
export function objectiveNamed(name: string): PretrainingObjective {
  const objective = registered.get(name);
  if (objective) return objective;
  const names = [...registered.keys()];
  const likely = likelyName(name, names);
  throw new UserError(
    `there is no objective "${name}"; there are: ${names.join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}
