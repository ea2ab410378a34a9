/** @file Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from 'commander';

/** Reads a number, or refuses the text. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

/** `backbone`, or a number of layers. */
export function freeze(text: string): 'none' | 'backbone' | number {
  return text === 'backbone' || text === 'none' ? text : number(text);
}

/** Those of some properties that are not undefined. */
export function given<T extends object, Key extends keyof T>(
  object: T,
  ...keys: Key[]
): { [K in Key]?: NonNullable<T[K]> } {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]]))) as {
    [K in Key]?: NonNullable<T[K]>;
  };
}

/** `--verbose` may stand behind the command too. */
export const verboseOption = (): Option => new Option('--verbose', 'show stack traces of errors');
