/** @file An optimizer's settings: checked by its schema, with messages that name the setting and its limits. */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import type { OptimizerDefinition } from './optimizer.js';

/** A setting as documentation shows it. */
export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** Undefined where the optimizer does without it. */
  readonly default: number | boolean | string | undefined;
  /** What it may be, in words: `a number from 0 to below 1`. */
  readonly expected: string;
}

interface SettingSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: number | boolean | string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

/** The settings of an optimizer, as its schema declares them. */
export function describeSettings({ settings }: Pick<OptimizerDefinition, 'settings'>): SettingDescription[] {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const schema = property as SettingSchema;
    return { name, description: schema.description ?? '', default: schema.default, expected: expectedOf(schema) };
  });
}

/**
 * Completes an optimizer's settings by its defaults.
 *
 * @throws UserError that names the setting, its value and what was expected
 */
export function checkedSettings(
  definition: OptimizerDefinition,
  args: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { name } = definition;
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new UserError(`optimArgs is ${JSON.stringify(args)}; it must be an object such as { momentum: 0.9 }`);
  }
  const defined = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const described = describeSettings(definition);
  const names = described.map((each) => each.name);
  const unknown = Object.keys(defined).find((each) => !names.includes(each));
  if (unknown !== undefined) {
    const likely = likelyName(unknown, names);
    const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
    const those = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
    throw new UserError(`optimArgs: ${name} has no setting "${unknown}"; ${those}${hint}`);
  }
  const { success, data, error } = definition.settings.safeParse(defined);
  if (success) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  const setting = described.find((each) => each.name === path[0]);
  if (path.length !== 1 || !setting) throw new UserError(`optimArgs: ${message}`);
  const { expected } = setting;
  const value = JSON.stringify(defined[setting.name]);
  throw new UserError(`optimArgs: ${setting.name} is ${value}; it must be ${expected || message}`);
}

/** What a value may be, from the limits of the schema. */
function expectedOf(schema: SettingSchema): string {
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type !== 'number' && schema.type !== 'integer') return '';
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const limits = [
    minimum !== undefined && `from ${minimum}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    maximum !== undefined && `to ${maximum}`,
    exclusiveMaximum !== undefined && `to below ${exclusiveMaximum}`,
  ].filter((limit) => limit !== false);
  return [schema.type === 'integer' ? 'a whole number' : 'a number', ...limits].join(' ');
}
