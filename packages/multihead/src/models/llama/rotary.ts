/**
 * @file The rotary positions' settings in config.json, in both of Hugging Face's spellings: `rope_theta` with
 * `rope_scaling` (Transformers 4), and one object `rope_parameters` (Transformers 5).
 */
import type { RotaryScaling } from '../../nn/attention/rotary.js';
import type { ConfigReader } from '../core/model-config.js';

/** The settings of rotary positions. */
export interface RotarySettings {
  readonly ropeTheta: number;
  readonly ropeScaling: RotaryScaling | null;
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < Infinity;

/**
 * Takes the settings out of config.json.
 *
 * @throws UserError for a kind of scaling that Multihead does not have, and for one that lacks a number
 */
export function readRotary(reader: ConfigReader, maxPositionEmbeddings: number): RotarySettings {
  const theta = reader.take('rope_theta');
  const scaling = reader.take('rope_scaling');
  const parameters = reader.take('rope_parameters');
  const name = scaling === undefined ? 'rope_parameters' : 'rope_scaling';
  const given = scaling ?? parameters ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) reader.fail(name, given, 'an object, or null');
  const settings = given as Readonly<Record<string, unknown>>;
  const base = settings.rope_theta ?? theta ?? 10000;
  const ropeTheta = isPositive(base) ? base : reader.fail('rope_theta', base, 'a number above 0');
  const number = (key: string, fallback?: number): number => {
    const value = settings[key] ?? fallback;
    return isPositive(value) ? value : reader.fail(`${name}.${key}`, value ?? null, 'a number above 0');
  };
  const type = settings.rope_type ?? settings.type ?? 'default';
  if (type === 'default') return { ropeTheta, ropeScaling: null };
  if (type === 'linear') return { ropeTheta, ropeScaling: { type, factor: number('factor') } };
  if (type !== 'llama3') reader.fail(`${name}.rope_type`, type, 'one of default, linear, llama3');
  const ropeScaling = {
    type: 'llama3',
    factor: number('factor'),
    lowFreqFactor: number('low_freq_factor'),
    highFreqFactor: number('high_freq_factor'),
    originalMaxPositionEmbeddings: number('original_max_position_embeddings', maxPositionEmbeddings),
  } as const;
  return { ropeTheta, ropeScaling };
}

/** The settings in both spellings, which agree: older and newer versions of Transformers read the same. */
export function rotaryToJson({ ropeTheta, ropeScaling }: RotarySettings): Record<string, unknown> {
  const scaling = ropeScaling && scalingToJson(ropeScaling);
  return {
    rope_theta: ropeTheta,
    rope_scaling: scaling,
    rope_parameters: { rope_theta: ropeTheta, ...(scaling ?? { rope_type: 'default' }) },
  };
}

function scalingToJson(scaling: RotaryScaling): Record<string, unknown> {
  const { type, factor } = scaling;
  if (type === 'linear') return { rope_type: type, factor };
  return {
    rope_type: type,
    factor,
    low_freq_factor: scaling.lowFreqFactor,
    high_freq_factor: scaling.highFreqFactor,
    original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
  };
}
