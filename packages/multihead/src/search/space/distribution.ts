/** @file Distributions of a parameter: what values it may have, and how they are drawn. Their JSON is Optuna's short form. */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { parseOptions } from '../../platform/option-schemas.js';
import { showValue } from '../../platform/show-value.js';

/** A value of a parameter. */
export type ParamValue = number | string | boolean | null;

const numeric = {
  low: z.number().describe('smallest value'),
  high: z.number().describe('largest value'),
  log: z.boolean().optional().describe('draw the logarithm uniformly; `low` must be above 0'),
};

/** The schemas of distributions, by type. */
const schemas = {
  float: z.object({
    type: z.literal('float'),
    ...numeric,
    step: z.number().gt(0).optional().describe('distance of neighbouring values'),
  }),
  int: z.object({
    type: z.literal('int'),
    ...numeric,
    step: z.int().min(1).optional().describe('distance of neighbouring values (default: 1)'),
  }),
  categorical: z.object({
    type: z.literal('categorical'),
    choices: z
      .array(z.union([z.number(), z.string(), z.boolean(), z.null()]))
      .min(1)
      .describe('the values')
      .meta({ expected: 'a list of one or more numbers, texts, true, false or null' }),
  }),
};

/** A number from an interval. */
export interface FloatDistribution {
  readonly type: 'float';
  /** Smallest value. */
  readonly low: number;
  /** Largest value. */
  readonly high: number;
  /** Whether the logarithm is drawn uniformly. Default: false. */
  readonly log?: boolean | undefined;
  /** Distance of neighbouring values. Default: none, all numbers. */
  readonly step?: number | undefined;
}

/** A whole number from an interval. */
export interface IntDistribution {
  readonly type: 'int';
  /** Smallest value. */
  readonly low: number;
  /** Largest value. */
  readonly high: number;
  /** Whether the logarithm is drawn uniformly. Default: false. */
  readonly log?: boolean | undefined;
  /** Distance of neighbouring values. Default: 1. */
  readonly step?: number | undefined;
}

/** One of several values. */
export interface CategoricalDistribution {
  readonly type: 'categorical';
  /** The values. */
  readonly choices: readonly ParamValue[];
}

/** What values a parameter may have. */
export type Distribution = FloatDistribution | IntDistribution | CategoricalDistribution;
/** A distribution of numbers. */
export type NumericDistribution = FloatDistribution | IntDistribution;

/**
 * Checks a distribution, and lowers `high` to the last value that the steps reach.
 *
 * @param name how messages call the parameter
 * @throws UserError for a distribution that no value can be drawn from
 */
export function checkDistribution(name: string, given: Distribution): Distribution {
  if (!Object.hasOwn(schemas, given.type)) {
    throw new UserError(
      `${name}: type is ${showValue(given.type)}; it must be float, int or categorical. A distribution is {"type": "float" or ` +
        '"int", "low": ..., "high": ...}, with "log": true or "step": ..., or {"type": "categorical", "choices": [...]}',
    );
  }
  const schema: z.ZodObject = schemas[given.type];
  const data = parseOptions(schema, given, { of: name, prefix: `${name}: ` }) as unknown as Distribution;
  return data.type === 'categorical' ? checkChoices(name, data) : checkInterval(name, data);
}

function checkChoices(name: string, distribution: CategoricalDistribution): CategoricalDistribution {
  const seen = new Set<ParamValue>();
  for (const choice of distribution.choices) {
    if (seen.has(choice)) throw new UserError(`${name}: the choice ${showValue(choice)} is listed twice`);
    seen.add(choice);
  }
  return distribution;
}

function checkInterval(name: string, distribution: NumericDistribution): NumericDistribution {
  const { type, low, high, log, step } = distribution;
  if (type === 'int') {
    const odd = [low, high].find((value) => !Number.isSafeInteger(value));
    if (odd !== undefined) throw new UserError(`${name}: ${odd} is not a whole number; type int needs whole limits`);
  }
  if (!Number.isFinite(high - low)) throw new UserError(`${name}: low (${low}) and high (${high}) are too far apart`);
  if (low > high) throw new UserError(`${name}: low (${low}) is above high (${high}); no value lies between them`);
  if (log && low < (type === 'int' ? 1 : Number.MIN_VALUE)) {
    throw new UserError(
      `${name}: low is ${low}, which has no logarithm; with log it must be ${type === 'int' ? 'from 1' : 'above 0'}`,
    );
  }
  if (log && step !== undefined && !(type === 'int' && step === 1)) {
    throw new UserError(`${name}: log and step exclude each other; give one of them`);
  }
  if (step === undefined) return distribution;
  // As decimal numbers are meant: 0.3 is three steps of 0.1.
  const count = Math.floor(Number(((high - low) / step).toPrecision(12)));
  return { ...distribution, high: Number((low + count * step).toPrecision(15)) };
}

/** The distance of neighbouring values; undefined where there is a continuum. */
export const stepOf = ({ type, step }: NumericDistribution): number | undefined =>
  type === 'int' ? (step ?? 1) : step;

/** Whether there is only one value. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.type === 'categorical') return distribution.choices.length === 1;
  const { low, high } = distribution;
  const step = stepOf(distribution);
  return low === high || (step !== undefined && high - low < step);
}

/** Whether a value may be drawn. */
export function contains(distribution: Distribution, value: unknown): boolean {
  if (distribution.type === 'categorical') return distribution.choices.includes(value as ParamValue);
  if (typeof value !== 'number' || !(value >= distribution.low && value <= distribution.high)) return false;
  const step = stepOf(distribution);
  if (step === undefined) return true;
  const steps = (value - distribution.low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-8;
}

/** A value as samplers and journals have it: a number, of a categorical one the index of the choice. */
export const toInternal = (distribution: Distribution, value: ParamValue): number =>
  distribution.type === 'categorical' ? distribution.choices.indexOf(value) : (value as number);

/** A value as the user has it. */
export const fromInternal = (distribution: Distribution, internal: number): ParamValue =>
  distribution.type === 'categorical' ? (distribution.choices[internal] as ParamValue) : internal;

/** Whether two distributions are the same. */
export const isSameDistribution = (a: Distribution, b: Distribution): boolean =>
  distributionKey(a) === distributionKey(b);

/** A text that equal distributions have in common. */
export function distributionKey(distribution: Distribution): string {
  if (distribution.type === 'categorical') return JSON.stringify([distribution.choices]);
  const { type, low, high, log = false } = distribution;
  return JSON.stringify([type, low, high, log, stepOf(distribution) ?? null]);
}
