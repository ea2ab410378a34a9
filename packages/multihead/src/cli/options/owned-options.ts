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
  /** The titles of its owners. */
  readonly titles: Set<string>;
  /** Its descriptions, each with the titles of the owners that describe it so. */
  readonly descriptions: Map<string, string[]>;
}

/** The options of all owners, one for each flag. */
function ownedOptions(owners: readonly OptionOwner[]): OwnedOption[] {
  const found = new Map<string, OwnedOption>();
  for (const { title, schemas } of owners) {
    for (const option of schemas.flatMap(describeOptions)) {
      const flag = flagOf(option);
      const { titles, descriptions } = found.get(flag) ?? { titles: new Set(), descriptions: new Map() };
      titles.add(title);
      descriptions.set(option.description, [...(descriptions.get(option.description) ?? []), title]);
      found.set(flag, { flag, option, titles, descriptions });
    }
  }
  return [...found.values()];
}

/** Adds the flags of all owners. The help says whose an option is that not all have, and how owners describe it differently. */
export function addOwnedOptions(command: Command, owners: readonly OptionOwner[]): Command {
  for (const { option, titles, descriptions } of ownedOptions(owners)) {
    const named = (of: Iterable<string>) => `${[...of].join(', ')}: `;
    const changes =
      descriptions.size > 1
        ? { description: [...descriptions].map(([text, of]) => `${named(of)}${text}`).join('; ') }
        : { prefix: titles.size === owners.length ? '' : named(titles) };
    for (const flag of schemaFlags(option, changes)) command.addOption(flag);
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
    if (titles.has(title) || (given as Values)[camelCase(flag)] === undefined) continue;
    throw new UserError(`--${flag} is an option of ${[...titles].join(', ')}, not of ${title}`);
  }
}
