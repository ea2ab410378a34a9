/** @file Parameters of a search that have no effect, because a given option overrides them: `--max-steps` overrides `epochs`. */
import type { Command } from 'commander';
import { UserError } from '../../../platform/errors.js';
import { describeOptions } from '../../../platform/option-schemas.js';
import type { SearchSpace } from '../../../search/space/search-space.js';
import { trainingSchema } from '../../../training/trainer/training-schema.js';
import { optionByKey } from '../../options/flag-names.js';
import { flagOf } from '../../options/schema-options.js';

type Given = Readonly<Record<string, unknown>>;

/** The flag that overrides a parameter; undefined where the parameter has an effect. */
function overriding(command: Command, name: string, given: Given): string | undefined {
  const attribute = optionByKey(command, name)?.attributeName();
  const option = describeOptions(trainingSchema).find(
    ({ name: other, meta }) => meta.overrides !== undefined && meta.overrides === attribute && Number(given[other]) > 0,
  );
  return option && `--${flagOf(option)} ${given[option.name]}`;
}

/** A space without the parameters that have no effect. */
export const withoutOverridden = (command: Command, space: SearchSpace, given: Given): SearchSpace =>
  Object.fromEntries(Object.entries(space).filter(([name]) => overriding(command, name, given) === undefined));

/** @throws UserError for a parameter that has no effect */
export function refuseOverridden(command: Command, space: SearchSpace, given: Given, place: string): void {
  for (const name of Object.keys(space)) {
    const flag = overriding(command, name, given);
    if (flag === undefined) continue;
    throw new UserError(`${place}: ${name} has no effect with ${flag}, which overrides it. Leave out one of them.`);
  }
}
