/** @file Arguments as they were typed, grouped by the options of a command: each flag with its values. */
import type { Command, Option } from 'commander';
import { readTextNow } from '#files';
import { parseJson } from '../platform/json/json.js';
import { flagSetting } from './options/config-file.js';
import { optionByKey } from './options/flag-names.js';

/** A flag with its values, or an argument that stands by itself. */
export interface TypedArgument {
  /** The option that a flag sets, whatever the flag's spelling; undefined for other arguments. */
  readonly attribute: string | undefined;
  /** The arguments, as they were typed. From `--` on, all that follow. */
  readonly words: readonly string[];
}

/** Groups arguments, as commander reads them. */
export function typedArguments(args: readonly string[], command: Command): TypedArgument[] {
  const typed: TypedArgument[] = [];
  for (let at = 0; at < args.length; at += typed.at(-1)?.words.length as number) {
    const [flag] = (args[at] as string).split('=', 1);
    const option = command.options.find(({ long }) => long === flag);
    const end =
      args[at] === '--' ? args.length : at + 1 + (flag === args[at] ? valueCount(option, args.slice(at + 1)) : 0);
    typed.push({ attribute: option?.attributeName(), words: args.slice(at, end) });
  }
  return typed;
}

/** How many of the arguments behind a flag are its values. */
function valueCount(option: Option | undefined, behind: readonly string[]): number {
  if (!option?.required) return 0;
  if (!option.variadic) return 1;
  const next = behind.findIndex((arg, i) => i > 0 && arg.startsWith('-'));
  return next < 0 ? behind.length : next;
}

/**
 * Leaves out the flags of options, in each of their spellings. A `--config-file` that sets one of them is replaced by flags for
 * its other settings.
 *
 * @param attributes the options, by their attribute names
 */
export function withoutOptions(
  typed: readonly TypedArgument[],
  command: Command,
  attributes: readonly string[],
): TypedArgument[] {
  const given = typed.flatMap(({ attribute }) => attribute ?? []);
  return typed
    .filter(({ attribute }) => attribute === undefined || !attributes.includes(attribute))
    .flatMap((argument) => {
      if (argument.attribute !== 'configFile') return [argument];
      const settings = settingsOf(argument, command);
      if (!settings.some(({ attribute }) => attributes.includes(attribute))) return [argument];
      // Flags on the command line win over the file.
      return settings.filter(({ attribute }) => !attributes.includes(attribute) && !given.includes(attribute));
    });
}

/** The settings of a `--config-file` as flags; none if the file is no longer there. */
function settingsOf({ words }: TypedArgument, command: Command): (TypedArgument & { readonly attribute: string })[] {
  const path = words[1] ?? (words[0] as string).replace(/^[^=]*=/, '');
  let settings: object;
  try {
    settings = parseJson(readTextNow(path), path) as object;
  } catch {
    return [];
  }
  return Object.entries(settings).flatMap(([key, value]) => {
    const option = optionByKey(command, key);
    return option ? [{ attribute: option.attributeName(), words: flagSetting(command, option, value) }] : [];
  });
}
