/** @file `--config-file run.json`: a command's flags from a file. What stands on the command line wins. */
import type { Command, Option } from 'commander';
import { readTextNow } from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { likelyName } from '../../platform/option-names.js';
import { reportError } from '../report-error.js';
import { optionByKey, shownFlags } from './flag-names.js';

/** Adds the option. Keys of the file are the flags' names, in kebab-case, camelCase or snake_case. */
export function addConfigFileOption(command: Command): Command {
  return command
    .option('--config-file <file>', 'JSON with flags and their values; flags on the command line win')
    .on('option:config-file', (path: string) => {
      try {
        applyConfigFile(command, path);
      } catch (error) {
        process.exit(reportError(error, process.argv.includes('--verbose')));
      }
    });
}

function applyConfigFile(command: Command, path: string): void {
  const json = parseJson(readTextNow(path), path);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UserError(
      `${path}: a JSON object with flags was expected, such as { "epochs": 3, "learning-rate": 2e-5 }`,
    );
  }
  for (const [key, value] of Object.entries(json)) {
    const option = optionByKey(command, key);
    const name = option?.attributeName() ?? '';
    if (!option || name === 'configFile') {
      const names = shownFlags(command).filter((each) => !each.startsWith('no-'));
      const likely = likelyName(key, names);
      const meant = likely === undefined ? '' : `. Did you mean ${likely}?`;
      throw new UserError(`${path}: there is no flag "${key}"; there are: ${names.join(', ')}${meant}`);
    }
    if (command.getOptionValueSource(name) === 'cli') continue;
    command.setOptionValueWithSource(name, flagValue(option, key, value, path), 'config');
  }
}

/** A value as the flag would have given it; `path`: where it comes from. */
export function flagValue(option: Option, key: string, value: unknown, path: string): unknown {
  if (typeof value === 'boolean') {
    if (option.isBoolean() || option.negate) return value;
    throw new UserError(`${path}: "${key}" is ${value}; the flag takes a value`);
  }
  if (option.isBoolean())
    throw new UserError(`${path}: "${key}" is ${JSON.stringify(value)}; true or false was expected`);
  if (value === null || (typeof value === 'object' && !option.parseArg && !option.variadic)) {
    throw new UserError(`${path}: "${key}" is ${JSON.stringify(value)}; text or a number was expected`);
  }
  if (!option.parseArg) return option.variadic ? [value].flat().map(String) : String(value);
  try {
    return option.parseArg(typeof value === 'object' ? JSON.stringify(value) : String(value), undefined);
  } catch (error) {
    const { message } = error as Error;
    const json = JSON.stringify(value);
    const shown = message.startsWith(json) ? '' : ` is ${json}`; // "three" is not a number
    throw new UserError(`${path}: "${key}"${shown}: ${message}`);
  }
}

/** A setting of the file as flags on the command line. */
export function flagSetting(command: Command, option: Option, value: unknown): string[] {
  const name = option.name().replace(/^no-/, '');
  if (typeof value === 'boolean') {
    const flag = value ? `--${name}` : `--no-${name}`;
    return command.options.some(({ long }) => long === flag) ? [flag] : []; // none: the value is the default
  }
  if (option.variadic) return [`--${name}`, ...[value].flat().map(String)];
  return [`--${name}`, typeof value === 'object' ? JSON.stringify(value) : String(value)];
}
