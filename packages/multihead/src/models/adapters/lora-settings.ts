/** @file The settings of LoRA: declared once, with what they mean, their defaults (PEFT's) and their limits. */
import { z } from 'zod';
import { parseOptions } from '../../platform/option-schemas.js';

const pattern = (of: string) =>
  z
    .record(z.string(), z.number().gt(0))
    .default({})
    .describe(`${of} of modules by their names, as JSON, such as {"query": 4}; a name may be a regular expression`);

/** The schema of {@link LoraSettings}. */
export const loraSchema = z.strictObject({
  rank: z.int().min(1).default(8).describe('rank of the change of each matrix'),
  alpha: z.number().gt(0).default(8).describe('the change is multiplied by alpha / rank'),
  dropout: z.number().min(0).lt(1).default(0).describe('probability that an input of an adapter is dropped'),
  targetModules: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'layers that get an adapter: names with commas between, a regular expression, or "all-linear" ' +
        "(default: attention's queries and values)",
    )
    .meta({ value: 'names', expected: 'a text, or a list of names' }),
  useRslora: z.boolean().default(false).describe('multiply by alpha / sqrt(rank) instead (rsLoRA)'),
  useDora: z.boolean().default(false).describe('learn the lengths of the rows of the matrices, too (DoRA)'),
  bias: z
    .enum(['none', 'all', 'lora_only'])
    .default('none')
    .describe('biases that learn: none, all, or lora_only, those of layers with an adapter'),
  modulesToSave: z
    .array(z.string())
    .default([])
    .describe('modules that learn as a whole and are saved with the adapter; a new head always is')
    .meta({ value: 'names', expected: 'a list of names' }),
  rankPattern: pattern('ranks'),
  alphaPattern: pattern('alphas'),
});

/** The settings of LoRA. */
export interface LoraSettings extends Readonly<z.output<typeof loraSchema>> {
  /** r: the rank of each matrix's change. Default: 8. */
  readonly rank: number;
  /** The change is multiplied by alpha / rank. Default: 8. */
  readonly alpha: number;
  /** Probability that an input of an adapter is dropped in training. Default: 0. */
  readonly dropout: number;
  /**
   * Layers that get an adapter: a list of names (or their ends), one regular expression that matches whole names, or
   * `all-linear`. Default: attention's queries and values.
   */
  readonly targetModules?: string | string[] | undefined;
  /** Multiply by alpha / sqrt(rank) instead: rsLoRA. Default: false. */
  readonly useRslora: boolean;
  /** Learn the lengths of the matrices' rows, too: DoRA. Default: false. */
  readonly useDora: boolean;
  /** Biases that learn: none, all, or those of the layers with an adapter. Default: `none`. */
  readonly bias: 'none' | 'all' | 'lora_only';
  /** Modules that learn as a whole and are saved with the adapter. A new head always is. */
  readonly modulesToSave: string[];
  /** Ranks of modules by their names (or their ends, or regular expressions of them). */
  readonly rankPattern: Record<string, number>;
  /** Alphas of modules, likewise. */
  readonly alphaPattern: Record<string, number>;
}

/**
 * Completes the settings by their defaults.
 *
 * @throws UserError for a setting that there is not, and for a value out of its limits
 */
export function loraSettings(given: Partial<LoraSettings>): LoraSettings {
  return parseOptions(loraSchema, given, { of: 'lora', prefix: 'lora.' });
}
