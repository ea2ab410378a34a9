/** @file Flags that tasks declare: made from the schemas of the registry, and read back for a task. */
import { type Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import type { OptionMeta, OptionValues, TaskDefinition, TaskOptions } from '../../tasks/define-task.js';
import { taskNames, tasks } from '../../tasks/registry.js';
import { taskArgument } from './command-errors.js';
import { number } from './common-options.js';

/** The groups of options that commands take. */
export type OptionGroup = 'reading' | 'training' | 'settings' | 'inputs';

const schemaOf = ({ options, commands }: TaskDefinition, group: OptionGroup): TaskOptions =>
  group === 'inputs' ? commands.inputs : options[group];

/** An option of one or more tasks. */
interface Declared {
  readonly flag: string;
  readonly schema: z.ZodType;
  readonly meta: OptionMeta;
  readonly titles: string[];
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const metaOf = (schema: z.ZodType): OptionMeta => (schema.meta() ?? {}) as OptionMeta;
const flagOf = (name: string, schema: z.ZodType): string => metaOf(schema).flag ?? kebab(name);

/** The schema behind `.optional()`. */
function inner(schema: z.ZodType): z.ZodType {
  const { def } = schema as unknown as { readonly def: { readonly type: string; readonly innerType?: z.ZodType } };
  return def.type === 'optional' && def.innerType ? inner(def.innerType) : schema;
}

/** The options of all tasks in some groups; where a later group has the same flag, its description counts. */
function declared(groups: readonly OptionGroup[]): Declared[] {
  const found = new Map<string, Declared>();
  for (const task of tasks()) {
    for (const group of groups) {
      for (const [name, schema] of Object.entries(schemaOf(task, group).shape) as [string, z.ZodType][]) {
        const flag = flagOf(name, schema);
        const titles = new Set([...(found.get(flag)?.titles ?? []), task.title]);
        found.set(flag, { flag, schema, meta: metaOf(schema), titles: [...titles] });
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
  for (const { flag, schema, meta, titles } of declared(groups)) {
    const { def } = inner(schema) as unknown as { readonly def: { readonly type: string } };
    const help = `${titles.length === tasks().length ? '' : `${titles.join(', ')}: `}${schema.description ?? ''}`;
    const option = new Option(def.type === 'boolean' ? `--${flag}` : `--${flag} <${meta.value ?? 'value'}>`, help);
    if (meta.parse) option.argParser(parser(meta.parse));
    else if (def.type === 'number') option.argParser(number);
    else if (def.type === 'enum') option.choices((inner(schema) as z.ZodEnum).options as string[]);
    command.addOption(option);
  }
  return command;
}

/** A parser whose errors are Commander's. */
function parser(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof UserError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

/** The attribute under which Commander keeps a flag's value. */
const attribute = (flag: string): string => flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The values of a task's options that were given, under the task's names for them. */
export function taskOptions(task: TaskDefinition, groups: readonly OptionGroup[], given: object): OptionValues {
  const values: Record<string, unknown> = {};
  for (const group of groups) {
    for (const [name, schema] of Object.entries(schemaOf(task, group).shape) as [string, z.ZodType][]) {
      const value = (given as OptionValues)[attribute(flagOf(name, schema))];
      if (value !== undefined) values[name] = value;
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
    if (titles.includes(task.title) || (given as OptionValues)[attribute(flag)] === undefined) continue;
    throw new UserError(`--${flag} is an option of ${titles.join(', ')}, not of ${task.title}`);
  }
}
