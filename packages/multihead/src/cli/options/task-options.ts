/** @file Flags that tasks declare: made from the schemas of the registry, and read back for a task. */
import type { Argument, Command } from 'commander';
import type { OptionValues, TaskDefinition, TaskOptions } from '../../tasks/define-task.js';
import { taskNames, tasks } from '../../tasks/registry.js';
import { taskArgument } from './command-errors.js';
import { addOwnedOptions, givenOptions, type OptionOwner, refuseOthers } from './owned-options.js';

/** The groups of options that commands take. */
export type OptionGroup = 'reading' | 'training' | 'settings' | 'inputs';

const schemaOf = ({ options, commands }: TaskDefinition, group: OptionGroup): TaskOptions =>
  group === 'inputs' ? commands.inputs : options[group];

/** The tasks, with their options of some groups. */
const owners = (groups: readonly OptionGroup[]): OptionOwner[] =>
  tasks().map((task) => ({ title: task.title, schemas: groups.map((group) => schemaOf(task, group)) }));

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
export const addTaskOptions = (command: Command, groups: readonly OptionGroup[]): Command =>
  addOwnedOptions(command, owners(groups));

/** The values of a task's options that were given, under the task's names for them. */
export const taskOptions = (task: TaskDefinition, groups: readonly OptionGroup[], given: object): OptionValues =>
  givenOptions(
    groups.map((group) => schemaOf(task, group)),
    given,
  );

/**
 * Refuses flags of other tasks, which would have no effect.
 *
 * @throws UserError that names the flag and its task
 */
export const refuseOtherTasks = (task: TaskDefinition, groups: readonly OptionGroup[], given: object): void =>
  refuseOthers(task.title, owners(groups), given);
