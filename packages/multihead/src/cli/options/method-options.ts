/** @file `--method` and the flags of each method's settings, all made of the registry's rows. */
import { type Command, Option } from 'commander';
import { UserError } from '../../platform/errors.js';
import { describeOptions } from '../../platform/option-schemas.js';
import type { TrainingMethod } from '../../training/methods/method.js';
import { trainingMethods } from '../../training/methods/registry.js';
import type { TrainingOptions } from '../../training/trainer/options.js';
import { kebabCase, schemaFlags } from './schema-options.js';

/** A method's setting and the flag that sets it. */
interface MethodFlag {
  readonly method: string;
  readonly setting: string;
  readonly option: Option;
}

/** rank of lora -> lora-rank; useDora -> use-dora. */
function flagName(method: string, setting: string): string {
  const kebab = kebabCase(setting);
  return kebab.startsWith('use-') ? kebab : `${method}-${kebab}`;
}

/** Names with commas between, or one expression. */
const nameList = (text: string): string | string[] =>
  /^all-linear$|[\\*^$()|[\]+?]/.test(text) ? text : text.split(',').map((name) => name.trim());

function methodFlags(): MethodFlag[] {
  return trainingMethods().flatMap(({ name: method, settings }: TrainingMethod) => {
    if (!settings) return [];
    return describeOptions(settings).flatMap((setting) => {
      const read = setting.type === 'other' ? nameList : undefined;
      const changes = { flag: flagName(method, setting.name), prefix: `${method}: `, read };
      return schemaFlags(setting, changes).map((option) => ({ method, setting: setting.name, option }));
    });
  });
}

/** Adds the flags. */
export function addMethodOptions(command: Command): Command {
  const told = trainingMethods().map(({ name, description }) => `${name} (${description})`);
  const names = trainingMethods().map(({ name }) => name);
  command.addOption(
    new Option('--method <name>', `training method: ${told.join(', ')}; default: follows from --freeze`).choices(names),
  );
  for (const { option } of methodFlags()) command.addOption(option);
  return command;
}

/**
 * The method and its settings, as the command line gives them. A setting's flag names its method, too.
 *
 * @throws UserError that names a flag of another method
 */
export function methodSettings(options: Partial<TrainingOptions>): Partial<TrainingOptions> {
  const given = methodFlags().flatMap(({ method, setting, option }) => {
    const value = (options as Readonly<Record<string, unknown>>)[option.attributeName()];
    return value === undefined ? [] : [{ method, setting, value, flag: option.long }];
  });
  const method = options.method ?? given[0]?.method;
  if (method === undefined) return {};
  const other = given.find((each) => each.method !== method);
  if (other) throw new UserError(`${other.flag} is a setting of --method ${other.method}, not of ${method}`);
  const methodArgs = Object.fromEntries(given.map(({ setting, value }) => [setting, value]));
  return { method, ...(given.length > 0 && { methodArgs }) };
}
