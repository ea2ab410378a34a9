/** @file Flags that pretraining objectives declare, read back for one of them. */
import { parseOptions } from '../../platform/option-schemas.js';
import type { OptionValues } from '../../tasks/define-task.js';
import type { PretrainingObjective } from '../../training/objectives/objective.js';
import { objectives } from '../../training/objectives/registry.js';
import { givenOptions, type OptionOwner, refuseOthers } from './owned-options.js';

/** The objectives, with their options. */
export const objectiveOwners = (): OptionOwner[] =>
  objectives().map(({ name, options }) => ({ title: name, schemas: [options] }));

/**
 * An objective's options, completed by their defaults.
 *
 * @throws UserError for flags of other objectives, which would have no effect
 */
export function objectiveOptions({ name, options }: PretrainingObjective, given: object): OptionValues {
  refuseOthers(name, objectiveOwners(), given);
  return parseOptions(options, givenOptions([options], given), { of: name });
}
