/** @file The space of a search on the command line: its parameters are options of `multihead train`, which say what is possible. */
import type { Command, Option } from 'commander';
import { readText } from '#files';
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import { likelyName } from '../../../platform/option-names.js';
import { typedNumber } from '../../../platform/option-schemas.js';
import type { ParamValue } from '../../../search/space/distribution.js';
import { checkSpace, type SearchSpace, type SpaceEntry } from '../../../search/space/search-space.js';
import type { TaskDefinition } from '../../../tasks/define-task.js';
import { flagValue } from '../../options/config-file.js';
import { optionByKey, shownFlags } from '../../options/flag-names.js';
import { ownOptions } from './own-options.js';

/** Options that say where a run reads and writes, of which there is one value in a search. */
const fixedOptions = [
  'train',
  'eval',
  'output',
  'seed',
  'seeds',
  'resume',
  'overwrite',
  'dryRun',
  'json',
  'evalSplit',
  'configFile',
];

/** Where the space comes from, and the command whose options it names. */
interface SpaceSource {
  readonly file: string | undefined;
  readonly task: TaskDefinition;
  readonly command: Command;
}

/**
 * Reads the space, and checks that each value is one that its option may have.
 *
 * @throws UserError that names the file and the parameter
 */
export async function readSpace({ file, task, command }: SpaceSource): Promise<SearchSpace> {
  const given: unknown = file === undefined ? task.searchSpace : parseJson(await readText(file), file);
  if (given === undefined)
    throw new UserError(`${task.title} has no search space of its own; give one with --space FILE`);
  const place = file ?? `the search space of ${task.title}`;
  const space = checkSpace(withChoices(given), place);
  for (const [name, entry] of Object.entries(space)) {
    const option = searchedOption(command, name, place);
    for (const value of limitsOf(entry)) flagValue(option, name, value, place);
  }
  return space;
}

/** A list stands for its choices. */
function withChoices(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const entries = Object.entries(given);
  return Object.fromEntries(
    entries.map(([name, entry]) => [name, Array.isArray(entry) ? { type: 'categorical', choices: entry } : entry]),
  );
}

const limitsOf = (entry: SpaceEntry): readonly ParamValue[] =>
  entry.type === 'categorical' ? entry.choices : [entry.low, entry.high];

function searchedOption(command: Command, name: string, place: string): Option {
  const option = optionByKey(command, name);
  const own = ownOptions().map((each) => each.attributeName());
  const attribute = option?.attributeName() ?? '';
  if (option && !own.includes(attribute) && !fixedOptions.includes(attribute)) return option;
  if (option)
    throw new UserError(`${place}: ${name} has one value in a search; give --${option.name()} on the command line`);
  const names = shownFlags(command);
  const likely = likelyName(name, names);
  throw new UserError(
    `${place}: there is no option "${name}" of multihead train${likely === undefined ? '' : `. Did you mean ${likely}?`}`,
  );
}

/** The values of a trial as the command's options have them. */
export function optionValues(
  command: Command,
  params: Readonly<Record<string, ParamValue | undefined>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    const option = optionByKey(command, name);
    if (option && value !== undefined) values[option.attributeName()] = flagValue(option, name, value, 'space');
  }
  return values;
}

/** The values of a trial as they are typed: `--learning-rate 3e-4`. */
export function typedFlags(command: Command, params: Readonly<Record<string, ParamValue | undefined>>): string[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const flag = (optionByKey(command, name)?.name() ?? name).replace(/^no-/, '');
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return value === undefined || value === null ? [] : [`--${flag}`, shownParam(value)];
  });
}

/** A value as people type it. All digits are there, so that the run is the same. */
export const shownParam = (value: ParamValue | undefined): string =>
  typeof value === 'number' ? typedNumber(value) : String(value);
