/** @file The space of a search on the command line: its parameters are options of `multihead train`, which say what is possible. */
import type { Command, Option } from 'commander';
import { readText } from '#files';
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import { likelyName } from '../../../platform/option-names.js';
import { typedNumber } from '../../../platform/option-schemas.js';
import { shownDistribution } from '../../../search/space/compatible.js';
import { contains, type ParamValue } from '../../../search/space/distribution.js';
import { checkSpace, distributionOf, type SearchSpace, type SpaceEntry } from '../../../search/space/search-space.js';
import type { TaskDefinition } from '../../../tasks/define-task.js';
import { flagValue } from '../../options/config-file.js';
import { optionByKey, shownFlags } from '../../options/flag-names.js';
import { refuseOverridden, withoutOverridden } from './overridden.js';
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
  /** The options that were given beside it. */
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * Reads the space, and checks that each value is one that its option may have. The task's own space leaves out what is given, and
 * what a given option overrides.
 *
 * @throws UserError that names the file and the parameter
 */
export async function readSpace({ file, task, command, given: options }: SpaceSource): Promise<SearchSpace> {
  const given: unknown = file === undefined ? task.searchSpace : parseJson(await readText(file), file);
  if (given === undefined)
    throw new UserError(`${task.title} has no search space of its own; give one with --space FILE`);
  const place = file ?? `the search space of ${task.title}`;
  const space = checkSpace(given, place);
  for (const [name, entry] of Object.entries(space)) {
    const option = searchedOption(command, name, place);
    for (const [key, value] of limitsOf(entry)) flagValue(option, key, value, `${place}: ${name}`);
    checkWhole(option, entry, `${place}: ${name}`);
  }
  if (file === undefined) return withoutGiven(command, withoutOverridden(command, space, options));
  refuseOverridden(command, space, options, place);
  refuseOutside(command, space, place);
  return space;
}

/** The value of a parameter's option, if it was typed, or is in `--config-file`. */
function givenValue(command: Command, name: string): unknown {
  const attribute = optionByKey(command, name)?.attributeName() ?? '';
  return ['cli', 'config'].includes(command.getOptionValueSource(attribute) ?? '')
    ? command.getOptionValue(attribute)
    : undefined;
}

/** A task's own space without the parameters whose values were given. */
const withoutGiven = (command: Command, space: SearchSpace): SearchSpace =>
  Object.fromEntries(Object.entries(space).filter(([name]) => givenValue(command, name) === undefined));

/** Refuses given values that the space does not have: the first trial is to have them. */
function refuseOutside(command: Command, space: SearchSpace, place: string): void {
  for (const [name, entry] of Object.entries(space)) {
    const value = givenValue(command, name);
    if (value === undefined || contains(distributionOf(entry), value)) continue;
    const flag = optionByKey(command, name)?.name() ?? name;
    throw new UserError(
      `${place}: ${name} is ${shownDistribution(distributionOf(entry))}, and --${flag} is ${value}, which no trial would have. ` +
        'Leave out one of them.',
    );
  }
}

/** The values that the option must allow, by what the file calls them. */
const limitsOf = (entry: SpaceEntry): readonly (readonly [string, ParamValue])[] =>
  entry.type === 'categorical'
    ? entry.choices.map((choice) => ['choice', choice])
    : [
        ['low', entry.low],
        ['high', entry.high],
      ];

/** Refuses fractions for an option of whole numbers, which allows both limits, but not what lies between them. */
function checkWhole(option: Option, entry: SpaceEntry, place: string): void {
  if (entry.type !== 'float') return;
  const { low, high, log, step } = entry;
  const between = step === undefined ? low + (high - low) / Math.PI : low + step;
  if (Number.isInteger(between) || between > high) return;
  try {
    flagValue(option, 'value', between, place);
  } catch {
    const int = { type: 'int', low, high, ...(log && { log }) };
    throw new UserError(`${place}: is a float, but the option takes whole numbers; write ${JSON.stringify(int)}`);
  }
}

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
