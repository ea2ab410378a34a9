/** @file Flags of options that several owners declare, tasks or objectives: one flag where they share it, and none of another's. */
import type { Command } from 'commander';
import type { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { describeOptions, type OptionDescription } from '../../platform/option-schemas.js';
import { camelCase } from './flag-names.js';
import { flagOf, schemaFlags } from './schema-options.js';

type Values = Readonly<Record<string, unknown>>;

/** Who has an option, for the help, and a schema of theirs. */
export interface OptionOwner {
  readonly title: string;
  readonly schemas: readonly z.ZodObject[];
}

/** An option of one or more owners. */
interface OwnedOption {
  readonly flag: string;
  readonly option: OptionDescription;
  readonly titles: string[];
}

/** The options of all owners. Of a flag that several describe in other words, the help gives the words of each. */
function ownedOptions(owners: readonly OptionOwner[]): OwnedOption[] {
  const found = new Map<string, OwnedOption>();
  for (const { title, schemas } of owners) {
    for (const option of schemas.flatMap(describeOptions)) {
      const flag = flagOf(option);
      const before = found.get(flag);
      const titles = new Set([...(before?.titles ?? []), title]);
      const known = before?.option.description ?? option.description;
      const description = known.includes(option.description) ? known : `${known}; ${title}: ${option.description}`;
      found.set(flag, { flag, option: { ...option, description }, titles: [...titles] });
    }
  }
  return [...found.values()];
}

/** Adds the flags of all owners; the help says whose an option is that not all have. */
export function addOwnedOptions(command: Command, owners: readonly OptionOwner[]): Command {
  for (const { option, titles } of ownedOptions(owners)) {
    const prefix = titles.length === owners.length ? '' : `${titles.join(', ')}: `;
    for (const flag of schemaFlags(option, { prefix })) command.addOption(flag);
  }
  return command;
}

/** The values of options that were given, under the schemas' names for them. */
export function givenOptions(schemas: readonly z.ZodObject[], given: object): Values {
  const values: Record<string, unknown> = {};
  for (const option of schemas.flatMap(describeOptions)) {
    const value = (given as Values)[camelCase(flagOf(option))];
    if (value !== undefined) values[option.name] = value;
  }
  return values;
}

/**
 * Refuses flags of others, which would have no effect.
 *
 * @throws UserError that names the flag and whose it is
 */
export function refuseOthers(title: string, owners: readonly OptionOwner[], given: object): void {
  for (const { flag, titles } of ownedOptions(owners)) {
    if (titles.includes(title) || (given as Values)[camelCase(flag)] === undefined) continue;
    throw new UserError(`--${flag} is an option of ${titles.join(', ')}, not of ${title}`);
  }
}
