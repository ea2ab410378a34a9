/** @file Flags made of options that a schema declares: name, help, default, and the check of a value. */
import { InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../platform/errors.js';
import { type OptionDescription, shownDefault } from '../../platform/option-schemas.js';
import { number } from './common-options.js';
import { jsonObject } from './json-object.js';

/** A flag of an option that a schema declares, perhaps under another name. */
export class SchemaFlag extends Option {
  constructor(
    flags: string,
    help: string,
    /** The option's name in the library. */
    readonly declaredAs: string,
  ) {
    super(flags, help);
  }
}

/** How a flag differs from what its option says. */
export interface FlagChanges {
  /** The flag, without its dashes. */
  readonly flag?: string;
  /** What stands before the help: `lora: `. */
  readonly prefix?: string;
  /** The help, instead of the option's description. */
  readonly description?: string | undefined;
  /** The default in words. */
  readonly usual?: string | undefined;
  /** How the flag's text is read. */
  readonly read?: ((text: string) => unknown) | undefined;
}

/** A name in camelCase with hyphens. */
export const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flag of an option, without its dashes. */
export const flagOf = ({ name, meta }: Pick<OptionDescription, 'name' | 'meta'>): string =>
  meta.flag ?? kebabCase(name);

/** The flags of an option: one, or two where `--no-FLAG` means something, too. */
export function schemaFlags(option: OptionDescription, changes: FlagChanges = {}): Option[] {
  const { type, choices, meta } = option;
  const flag = changes.flag ?? flagOf(option);
  const help = helpOf(option, changes);
  if (type === 'boolean') {
    const off =
      meta.off === undefined ? [] : [new SchemaFlag(`--no-${flag}`, `${changes.prefix ?? ''}${meta.off}`, option.name)];
    return [new SchemaFlag(`--${flag}`, help, option.name), ...off];
  }
  const made = new SchemaFlag(`--${flag} <${meta.value ?? placeholders[type]}>`, help, option.name);
  made.negate = false; // of --no-repeat-ngram-size, Commander would make --repeat-ngram-size, turned off
  const read = changes.read ?? meta.parse ?? readers[type];
  if (choices && !changes.read) made.choices(choices);
  else if (read && meta.several) {
    made.argParser((text: string, before?: readonly unknown[]) => [
      ...(before ?? []),
      checked(option, convert(read, text)),
    ]);
  } else if (read) made.argParser((text: string) => checked(option, convert(read, text)));
  return [made];
}

const placeholders = { number: 'number', integer: 'number', enum: 'what', object: 'json', boolean: '', other: 'value' };

const readers: Readonly<Partial<Record<OptionDescription['type'], (text: string) => unknown>>> = {
  number,
  integer: number,
  object: jsonObject,
};

/** Reads a text, with errors as Commander's. */
function convert(read: (text: string) => unknown, text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof UserError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function checked({ schema, expected }: OptionDescription, value: unknown): unknown {
  const { success } = schema.safeParse(value);
  if (success) return value;
  throw new InvalidArgumentError(`It must be ${expected}.`);
}

/** `clip the gradient to this norm (default: 1; 0: no limit)`; other options are named by their flags. */
function helpOf(option: OptionDescription, changes: FlagChanges): string {
  const { prefix = '', description = option.description, usual: value = shownDefault(option) } = changes;
  const { note } = option.meta;
  const meaning = value !== undefined && note?.startsWith(`${value}: `) ? note.slice(value.length + 2) : undefined;
  const parts = [
    ...(option.default === true ? ['default'] : []),
    ...(value === undefined ? [] : [`default: ${value}${meaning === undefined ? '' : `, ${meaning}`}`]),
    ...(option.meta.several ? ['may be given several times'] : []),
    ...(note === undefined || meaning !== undefined || note.startsWith('such as ') ? [] : [note]),
  ];
  const told = `${prefix}${description}${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`;
  return told.replaceAll(/`(\w+)`/g, (_, name: string) => `--${kebabCase(name)}`);
}
