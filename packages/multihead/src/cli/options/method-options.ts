/** @file `--method` and the flags of each method's settings, all made of the registry's rows. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { TrainingMethod } from '../../training/methods/method.js';
import { trainingMethods } from '../../training/methods/registry.js';
import type { TrainingOptions } from '../../training/trainer/options.js';
import { number } from './common-options.js';
import { jsonObject } from './json-object.js';

interface SettingSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
}

/** A method's setting and the flag that sets it. */
interface MethodFlag {
  readonly method: string;
  readonly setting: string;
  readonly option: Option;
}

/** rank of lora -> lora-rank; useDora -> use-dora. */
function flagName(method: string, setting: string): string {
  const kebab = setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kebab.startsWith('use-') ? kebab : `${method}-${kebab}`;
}

/** Names with commas between, or one expression. */
const nameList = (text: string): string | string[] =>
  /^all-linear$|[\\*^$()|[\]+?]/.test(text) ? text : text.split(',').map((name) => name.trim());

function optionOf(method: string, setting: string, schema: SettingSchema): Option {
  const { type, description = '', default: usual, enum: choices } = schema;
  const isSimple = typeof usual === 'number' || typeof usual === 'string';
  const told = `${method}: ${description}${isSimple ? ` (default: ${usual})` : ''}`;
  const flag = `--${flagName(method, setting)}`;
  if (type === 'boolean') return new Option(flag, told);
  if (type === 'number' || type === 'integer') return new Option(`${flag} <number>`, told).argParser(number);
  if (type === 'object') return new Option(`${flag} <json>`, told).argParser(jsonObject);
  if (choices) return new Option(`${flag} <what>`, told).choices(choices);
  return new Option(`${flag} <names>`, told).argParser(nameList);
}

function methodFlags(): MethodFlag[] {
  return trainingMethods().flatMap(({ name: method, settings }: TrainingMethod) => {
    if (!settings) return [];
    const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
    return Object.entries(properties).map(([setting, schema]) => ({
      ...{ method, setting },
      option: optionOf(method, setting, schema as SettingSchema),
    }));
  });
}

/** Adds the flags. */
export function addMethodOptions(command: Command): Command {
  const told = trainingMethods().map(({ name, description }) => `${name} (${description})`);
  const names = trainingMethods().map(({ name }) => name);
  command.addOption(
    new Option('--method <name>', `how it learns: ${told.join(', ')}; default: as --freeze says`).choices(names),
  );
  for (const { option } of methodFlags()) command.addOption(option);
  return command;
}

/** The method and its settings, as the command line gives them. A setting's flag names its method, too. */
export function methodSettings(options: Partial<TrainingOptions>): Partial<TrainingOptions> {
  const given = methodFlags().flatMap(({ method, setting, option }) => {
    const value = (options as Readonly<Record<string, unknown>>)[option.attributeName()];
    return value === undefined ? [] : [{ method, setting, value }];
  });
  const method = options.method ?? given[0]?.method;
  if (method === undefined) return {};
  // Those of another method than the one that is named are refused by their names.
  const methodArgs = Object.fromEntries(given.map(({ setting, value }) => [setting, value]));
  return { method, ...(given.length > 0 && { methodArgs }) };
}
