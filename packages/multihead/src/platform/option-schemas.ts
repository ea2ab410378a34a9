/**
 * @file Options declared once, as a zod schema: types, checks, flags with their help and the tables of the documentation are
 * made of it.
 */
import { z } from 'zod';
import { UserError } from './errors.js';
import { checkOptionNames, likelyName } from './option-names.js';
import { showValue } from './show-value.js';

/** What `meta` of an option may say besides its description. */
export interface OptionMeta {
  /** What stands for the value in the help: `--stride <tokens>`. */
  readonly value?: string;
  /** The flag without its dashes, where it is not the option's name in kebab-case. */
  readonly flag?: string;
  /** How the text of a flag becomes a value that is neither a number nor a text. */
  readonly parse?: (text: string) => unknown;
  /** Whether the flag may be given several times, a value of a list each. */
  readonly several?: boolean;
  /** The default in words, where it is not one value. */
  readonly usual?: string;
  /** What a value stands for: `0: no limit`; or an example: `such as 5e-5`. */
  readonly note?: string;
  /** The option that has no effect where this one is above 0. */
  readonly overrides?: string;
  /** Limits in words, where the schema does not say them. */
  readonly expected?: string;
  /** What the flag `--no-FLAG` of an option that is true or false does, for the help; without it there is no such flag. */
  readonly off?: string;
}

/** An option as help and documentation show it. */
export interface OptionDescription {
  readonly name: string;
  readonly description: string;
  /** Undefined where there is none. */
  readonly default: unknown;
  /** What it may be, in words: `a number from 0 to below 1`. */
  readonly expected: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'object' | 'enum' | 'other';
  /** The values of an enumeration. */
  readonly choices: readonly string[] | undefined;
  readonly meta: OptionMeta;
  readonly schema: z.ZodType;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

const described = new WeakMap<z.ZodObject, readonly OptionDescription[]>();

/** The options of a schema, in its order. */
export function describeOptions(schema: z.ZodObject): readonly OptionDescription[] {
  const known = described.get(schema);
  if (known) return known;
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const options = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, option]): OptionDescription => {
    const json = properties[name] as JsonSchema;
    const meta = (option.meta() ?? {}) as OptionMeta;
    const { description = '' } = option;
    const limits = meta.expected ?? expectedOf(json);
    const expected = meta.note === undefined ? limits : `${limits} (${meta.note})`;
    const type = json.enum ? 'enum' : (kinds.find((kind) => kind === json.type) ?? 'other');
    return {
      name,
      description,
      default: json.default,
      expected,
      type,
      meta,
      schema: option,
      choices: json.enum,
    };
  });
  described.set(schema, options);
  return options;
}

const kinds = ['number', 'integer', 'boolean', 'object'] as const;

/** The names of a schema's options. */
export const schemaNames = (schema: z.ZodObject): readonly string[] => Object.keys(schema.shape);

/**
 * Completes options by their defaults. One whose value is undefined counts as left out.
 *
 * @param of what the options are of, for the message about one that there is not: `lora`; `prefix`: what stands before the
 *   name of an option in other messages: `lora.`
 * @throws UserError that names the option, its value and what was expected
 */
export function parseOptions<Schema extends z.ZodObject>(
  schema: Schema,
  given: object,
  { of, prefix = '' }: { readonly of: string; readonly prefix?: string },
): z.output<Schema> {
  checkOptionNames(given, schemaNames(schema), of);
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { success, data, error } = schema.safeParse(defined);
  if (success) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  const option = describeOptions(schema).find(({ name }) => name === path[0]);
  if (!option) throw new UserError(`${prefix}${message}`);
  const { name, expected, choices = [] } = option;
  const likely = likelyName(String(defined[name]), choices.map(String));
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`${prefix}${name} is ${showValue(defined[name])}; it must be ${expected || message}${hint}`);
}

/** A number as people type it, with all of its digits: 5e-5 instead of 0.00005. */
export const typedNumber = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);

/** A default as help and documentation show it, such as 5e-5; undefined where there is none to show. */
export function shownDefault({
  default: value,
  meta,
}: Pick<OptionDescription, 'default' | 'meta'>): string | undefined {
  if (meta.usual !== undefined) return meta.usual;
  if (typeof value === 'number') return typedNumber(value);
  return typeof value === 'string' ? value : undefined;
}

/** What a value may be, from the limits of its schema. */
function expectedOf(json: JsonSchema): string {
  if (json.enum) return `one of ${json.enum.join(', ')}`;
  if (json.type === 'boolean') return 'true or false';
  if (json.type === 'object') return 'an object';
  if (json.type === 'string') return 'a text';
  if (json.type !== 'number' && json.type !== 'integer') return '';
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = json;
  // The limits of safe integers are those of the type, not of the option.
  const isLimit = (value: number) => Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const from = minimum !== undefined && isLimit(minimum) && `from ${minimum}`;
  const above = exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`;
  const to = maximum !== undefined && isLimit(maximum) && `${above ? 'and at most' : from ? 'to' : 'up to'} ${maximum}`;
  const below =
    exclusiveMaximum !== undefined && `${above ? 'and' : from ? 'to' : ''} below ${exclusiveMaximum}`.trim();
  const limits = [from, above, to, below].filter((limit) => limit !== false);
  return [json.type === 'integer' ? 'a whole number' : 'a number', ...limits].join(' ');
}
