/**
 * @file The rotary positions' settings in config.json, in both of Hugging Face's spellings: `rope_theta` with
 * `rope_scaling` (Transformers 4), and one object `rope_parameters` (Transformers 5).
 */
import type { RotaryScaling } from '../../../nn/attention/rotary-scaling.js';
import type { ConfigReader } from '../../core/model-config.js';

/** The settings of rotary positions. */
export interface RotaryConfig {
  /** Base of the rotary positions' wavelengths. */
  readonly ropeTheta: number;
  /** How rotary positions are stretched past what the model was first trained on; null for not at all. */
  readonly ropeScaling: RotaryScaling | null;
}

/** What the settings depend on, and the base where the file gives none. */
interface Origin {
  readonly ropeTheta: number;
  readonly maxPositionEmbeddings: number;
  readonly headDim: number;
}

/** The settings of one kind of scaling, as the file gives them. */
interface Settings {
  /** A number above 0, or the fallback. */
  readonly number: (key: string, fallback?: number) => number;
  /** A flag, or the fallback. */
  readonly flag: (key: string, fallback: boolean) => boolean;
  /** Whether the file gives the setting. */
  readonly has: (key: string) => boolean;
  readonly origin: Origin;
}

type Scaling<Type extends RotaryScaling['type']> = Extract<RotaryScaling, { readonly type: Type }>;

/** Each kind of scaling: how it is read and written. */
const kinds: {
  readonly [Type in RotaryScaling['type']]: {
    read(settings: Settings): Scaling<Type>;
    toJson(scaling: Scaling<Type>): Record<string, unknown>;
  };
} = {
  linear: {
    read: ({ number }) => ({ type: 'linear', factor: number('factor') }),
    toJson: () => ({}),
  },
  dynamic: {
    read: ({ number }) => ({ type: 'dynamic', factor: number('factor') }),
    toJson: () => ({}),
  },
  llama3: {
    read: ({ number, origin }) => ({
      type: 'llama3',
      factor: number('factor'),
      lowFreqFactor: number('low_freq_factor'),
      highFreqFactor: number('high_freq_factor'),
      originalMaxPositionEmbeddings: number('original_max_position_embeddings', origin.maxPositionEmbeddings),
    }),
    toJson: (scaling) => ({
      low_freq_factor: scaling.lowFreqFactor,
      high_freq_factor: scaling.highFreqFactor,
      original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
    }),
  },
  yarn: {
    read: (settings) => {
      const { number, flag, origin } = settings;
      return {
        type: 'yarn',
        factor: number('factor'),
        attentionFactor: attentionFactor(settings),
        betaFast: number('beta_fast', 32),
        betaSlow: number('beta_slow', 1),
        truncate: flag('truncate', true),
        originalMaxPositionEmbeddings: number('original_max_position_embeddings', origin.maxPositionEmbeddings),
      };
    },
    toJson: (scaling) => ({
      attention_factor: scaling.attentionFactor,
      beta_fast: scaling.betaFast,
      beta_slow: scaling.betaSlow,
      truncate: scaling.truncate,
      original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
    }),
  },
};

/** YaRN's factor of queries and keys; by default 0.1 ln(factor) + 1, or a ratio of two such (DeepSeek's `mscale`). */
function attentionFactor({ number, has }: Settings): number {
  const factor = number('factor');
  const scaled = (mscale: number) => (factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1);
  if (has('attention_factor')) return number('attention_factor');
  const isRatio = has('mscale') && has('mscale_all_dim');
  return isRatio ? scaled(number('mscale')) / scaled(number('mscale_all_dim')) : scaled(1);
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < Infinity;

/**
 * Takes the settings out of config.json.
 *
 * @throws UserError for a kind of scaling that Multihead does not have, and for one that lacks a number
 */
export function readRotary(reader: ConfigReader, origin: Origin): RotaryConfig {
  const theta = reader.take('rope_theta');
  const scaling = reader.take('rope_scaling');
  const parameters = reader.take('rope_parameters');
  const name = scaling === undefined ? 'rope_parameters' : 'rope_scaling';
  const given = scaling ?? parameters ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) reader.fail(name, given, 'an object, or null');
  const settings = given as Readonly<Record<string, unknown>>;
  const base = settings.rope_theta ?? theta ?? origin.ropeTheta;
  const ropeTheta = isPositive(base) ? base : reader.fail('rope_theta', base, 'a number above 0');
  const part = settings.partial_rotary_factor ?? 1;
  if (part !== 1) reader.fail(`${name}.partial_rotary_factor`, part, '1: Multihead turns whole heads');
  const type = settings.rope_type ?? settings.type ?? 'default';
  if (type === 'default') return { ropeTheta, ropeScaling: null };
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    return reader.fail(`${name}.rope_type`, type, `one of default, ${Object.keys(kinds).join(', ')}`);
  }
  if (type === 'dynamic' && origin.headDim < 4)
    reader.fail('head_dim', origin.headDim, '4 or more with dynamic scaling');
  const ropeScaling = kinds[type as RotaryScaling['type']].read({
    number(key, fallback) {
      const value = settings[key] ?? fallback;
      return isPositive(value) ? value : reader.fail(`${name}.${key}`, value ?? null, 'a number above 0');
    },
    flag(key, fallback) {
      const value = settings[key] ?? fallback;
      return typeof value === 'boolean' ? value : reader.fail(`${name}.${key}`, value, 'true or false');
    },
    has: (key) => (settings[key] ?? undefined) !== undefined,
    origin,
  });
  return { ropeTheta, ropeScaling };
}

/** The settings in both spellings, which agree: older and newer versions of Transformers read the same. */
export function rotaryToJson({ ropeTheta, ropeScaling }: RotaryConfig): Record<string, unknown> {
  const scaling = ropeScaling && scalingToJson(ropeScaling);
  return {
    rope_theta: ropeTheta,
    rope_scaling: scaling,
    rope_parameters: { rope_theta: ropeTheta, ...(scaling ?? { rope_type: 'default' }) },
  };
}

function scalingToJson<Type extends RotaryScaling['type']>(scaling: Scaling<Type>): Record<string, unknown> {
  const type = scaling.type as Type;
  return { rope_type: type, factor: scaling.factor, ...kinds[type].toJson(scaling) };
}

/** The most tokens that a model reads with its scaling; a longer text was neither trained on nor stretched to. */
export function longestText({
  maxPositionEmbeddings,
  ropeScaling,
}: RotaryConfig & { readonly maxPositionEmbeddings: number }): number {
  if (ropeScaling?.type === 'dynamic') return Math.floor(maxPositionEmbeddings * ropeScaling.factor);
  if (ropeScaling?.type !== 'yarn') return maxPositionEmbeddings;
  // Qwen's configurations name the pretraining context for both.
  return Math.max(maxPositionEmbeddings, Math.floor(ropeScaling.originalMaxPositionEmbeddings * ropeScaling.factor));
}
