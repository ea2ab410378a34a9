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
  rank: z.int().min(1).default(8).describe('rank of the update of each matrix'),
  alpha: z.number().gt(0).default(8).describe('the update is multiplied by alpha / rank'),
  dropout: z.number().min(0).lt(1).default(0).describe('dropout probability of the adapter input'),
  targetModules: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'layers that get an adapter: names separated by commas, a regular expression, or "all-linear" ' +
        '(default: query and value projections)',
    )
    .meta({ value: 'names', expected: 'a text, or a list of names' }),
  useRslora: z.boolean().default(false).describe('rsLoRA: scale by alpha / sqrt(rank) instead'),
  useDora: z.boolean().default(false).describe('DoRA: also train the magnitude of each matrix row'),
  bias: z
    .enum(['none', 'all', 'lora_only'])
    .default('none')
    .describe('trainable biases: none, all, or lora_only (those of layers with an adapter)'),
  modulesToSave: z
    .array(z.string())
    .default([])
    .describe('modules that are trained in full and saved with the adapter; a new head always is')
    .meta({ value: 'names', expected: 'a list of names' }),
  rankPattern: pattern('ranks'),
  alphaPattern: pattern('alphas'),
});

/** The settings of LoRA. */
export interface LoraSettings extends Readonly<z.output<typeof loraSchema>> {
  /** Rank of the update of each matrix. Default: 8. */
  readonly rank: number;
  /** The update is multiplied by alpha / rank. Default: 8. */
  readonly alpha: number;
  /** Dropout probability of the adapter's input in training. Default: 0. */
  readonly dropout: number;
  /**
   * Layers that get an adapter: a list of names (or their last parts), a regular expression that matches whole names,
   * or `all-linear`. Default: attention's queries and values.
   */
  readonly targetModules?: string | string[] | undefined;
  /** rsLoRA: scale by alpha / sqrt(rank) instead. Default: false. */
  readonly useRslora: boolean;
  /** DoRA: also train the magnitude of each matrix row. Default: false. */
  readonly useDora: boolean;
  /** Trainable biases: none, all, or those of the layers with an adapter. Default: `none`. */
  readonly bias: 'none' | 'all' | 'lora_only';
  /** Modules that are trained in full and saved with the adapter. A new head always is. */
  readonly modulesToSave: string[];
  /** Ranks of individual modules, by name (or its last part, or a regular expression). */
  readonly rankPattern: Record<string, number>;
  /** Alphas of individual modules, likewise. */
  readonly alphaPattern: Record<string, number>;
}

/**
 * Validates settings and fills in defaults.
 *
 * @throws UserError for an unknown setting or a value out of range
 */
export function loraSettings(given: Partial<LoraSettings>): LoraSettings {
  return parseOptions(loraSchema, given, { of: 'lora', prefix: 'lora.' });
}
