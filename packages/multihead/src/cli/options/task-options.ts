/** @file Flags that tasks declare: made from the schemas of the registry, and read back for a task. */
import type { Argument, Command } from 'commander';
import { UserError } from '../../platform/errors.js';
import { describeOptions, type OptionDescription } from '../../platform/option-schemas.js';
import type { OptionValues, TaskDefinition, TaskOptions } from '../../tasks/define-task.js';
import { taskNames, tasks } from '../../tasks/registry.js';
import { taskArgument } from './command-errors.js';
import { camelCase } from './flag-names.js';
import { flagOf, schemaFlags } from './schema-options.js';

/** The groups of options that commands take. */
export type OptionGroup = 'reading' | 'training' | 'settings' | 'inputs';

const schemaOf = ({ options, commands }: TaskDefinition, group: OptionGroup): TaskOptions =>
  group === 'inputs' ? commands.inputs : options[group];

/** An option of one or more tasks. */
interface Declared {
  readonly flag: string;
  readonly option: OptionDescription;
  readonly titles: string[];
}

/** The options of all tasks in some groups; where a later group has the same flag, its description counts. */
function declared(groups: readonly OptionGroup[]): Declared[] {
  const found = new Map<string, Declared>();
  for (const task of tasks()) {
    for (const group of groups) {
      for (const option of describeOptions(schemaOf(task, group))) {
        const flag = flagOf(option);
        const titles = new Set([...(found.get(flag)?.titles ?? []), task.title]);
        found.set(flag, { flag, option, titles: [...titles] });
      }
    }
  }
  return [...found.values()];
}

/**
 * The argument that names a task of the registry.
 *
 * @param others what the command does besides
 */
export function registryArgument(description: string, others: readonly string[] = []): Argument {
  const aliases = tasks().flatMap((task) => (task.aliases ?? []).map((alias) => [alias, task.name] as const));
  return taskArgument(description, [...taskNames(), ...others], Object.fromEntries(aliases));
}

/** The help of `--max-length`, with each task's default. */
export function maxLengthHelp(): string {
  const [first, ...others] = tasks();
  const defaults = others.filter(({ usualLength }) => usualLength !== first?.usualLength);
  const named = defaults.map(({ title, usualLength }) => `; ${title}: ${usualLength}`).join('');
  return `tokens a text may have (default: ${first?.usualLength}${named})`;
}

/** Adds the flags of all tasks in some groups of options. */
export function addTaskOptions(command: Command, groups: readonly OptionGroup[]): Command {
  for (const { option, titles } of declared(groups)) {
    const prefix = titles.length === tasks().length ? '' : `${titles.join(', ')}: `;
    for (const flag of schemaFlags(option, { prefix })) command.addOption(flag);
  }
  return command;
}

/** The values of a task's options that were given, under the task's names for them. */
export function taskOptions(task: TaskDefinition, groups: readonly OptionGroup[], given: object): OptionValues {
  const values: Record<string, unknown> = {};
  for (const group of groups) {
    for (const option of describeOptions(schemaOf(task, group))) {
      const value = (given as OptionValues)[camelCase(flagOf(option))];
      if (value !== undefined) values[option.name] = value;
    }
  }
  return values;
}

/**
 * Refuses flags of other tasks, which would have no effect.
 *
 * @throws UserError that names the flag and its task
 */
export function refuseOtherTasks(task: TaskDefinition, groups: readonly OptionGroup[], given: object): void {
  for (const { flag, titles } of declared(groups)) {
    if (titles.includes(task.title) || (given as OptionValues)[camelCase(flag)] === undefined) continue;
    throw new UserError(`--${flag} is an option of ${titles.join(', ')}, not of ${task.title}`);
  }
}
