/** @file The values of `--optim` and `--optim-args`. */
import { InvalidArgumentError } from 'commander';
import { optimizerNamed } from '../../training/trainer/optimizer-options.js';
import { camelCase } from './flag-names.js';
import { jsonObject } from './json-object.js';

/** An optimizer's own name, of its name or one of Transformers' for it. */
export function optimizerName(text: string): string {
  try {
    return optimizerNamed(text).name;
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message.replace(/^optim is .*; it must/, 'It must')}.`);
  }
}

/**
 * Reads an optimizer's settings: `momentum=0.9,nesterov=true`, or a JSON object. Names may be Python's, with underscores.
 *
 * @example
 * optimizerArguments('clip_threshold=2,scale_parameter=true') // { clipThreshold: 2, scaleParameter: true }
 */
export function optimizerArguments(text: string): Record<string, unknown> {
  const pairs = text.trimStart().startsWith('{') ? Object.entries(jsonObject(text)) : text.split(',').map(pair);
  const named = pairs.map(([name, value]): [string, unknown] => [camelCase(name), value]);
  const twice = named.find(([name], i) => named.findIndex(([other]) => other === name) !== i);
  if (twice) throw new InvalidArgumentError(`${twice[0]} is given twice.`);
  return Object.fromEntries(named);
}

function pair(text: string): [string, unknown] {
  const [, name, value] = /^\s*([\w-]+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(`"${text}" is not a setting; name=value was expected, such as momentum=0.9.`);
  }
  if (/^(true|false)$/i.test(value)) return [name, value.toLowerCase() === 'true'];
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value);
  return [name, isNumber ? Number(value) : value];
}
