/**
 * @file The configuration of decoders that are shaped like Llama: RMSNorm, rotary positions, grouped-query attention. Families
 * whose config.json has Llama's names, such as Qwen2 and Mistral, differ in defaults and add settings of their own.
 */
import { type ConfigClass, configClass, type OwnSettings } from '../../core/config.js';
import type { ConfigKeys } from '../../core/config-keys.js';
import { activationNames, type ConfigReader, renamed } from '../../core/model-config.js';
import { type CausalConfig, readSpecialTokens, replaceSizes, specialTokensToJson } from '../causal-config.js';
import { type RotaryConfig, readRotary, rotaryToJson } from './rotary-settings.js';

/** A decoder's configuration under Llama's names. */
export interface LlamaLikeConfig extends CausalConfig, RotaryConfig {
  readonly intermediateSize: number;
  readonly hiddenAct: string;
  readonly rmsNormEps: number;
  readonly attentionDropout: number;
}

const sizes = {
  vocabSize: 'vocab_size',
  hiddenSize: 'hidden_size',
  intermediateSize: 'intermediate_size',
  numHiddenLayers: 'num_hidden_layers',
  numAttentionHeads: 'num_attention_heads',
  maxPositionEmbeddings: 'max_position_embeddings',
} as const;

/** The sizes of Llama's first model of 7 billion parameters, by their property names. */
export const llamaSizes = {
  vocabSize: 32000,
  hiddenSize: 4096,
  intermediateSize: 11008,
  numHiddenLayers: 32,
  numAttentionHeads: 32,
  maxPositionEmbeddings: 2048,
};

/** What a family declares about its configuration, besides Llama's settings. */
export interface LlamaLikeFormat<Extra extends object> {
  /** Hugging Face's name of the class: `Qwen2Config`. */
  readonly name: string;
  readonly modelType: string;
  /** Defaults of Hugging Face's configuration class. */
  readonly defaults: {
    readonly sizes: typeof llamaSizes;
    /** Heads of keys and values, where they divide the heads. Default: as many as heads. */
    readonly numKeyValueHeads?: number;
    /** Width of a head. Default: the hidden size divided by the heads. */
    readonly headDim?: number;
    readonly ropeTheta: number;
    readonly bosTokenId: number | null;
    readonly eosTokenId: number | null;
    readonly padTokenId: number | null;
    readonly tieWordEmbeddings: boolean;
  };
  readonly keys: ConfigKeys;
  /** Settings of the family's own. */
  readonly extra?: {
    /** Takes them out of config.json; `sizes` are those of the same file. */
    read(reader: ConfigReader, sizes: typeof llamaSizes): Extra;
    /** Their part of config.json. */
    toJson(config: Extra): Record<string, unknown>;
    /** Settings that follow from others again, where some are replaced: undefined for those that are read anew. */
    follow?(changes: Partial<Extra & LlamaLikeConfig>): { readonly [Key in keyof Extra]?: undefined };
  };
}

/**
 * Creates the configuration class of a Llama-like family.
 *
 * @example
 * const TinyConfig = llamaLikeConfig({
 *   name: 'TinyConfig',
 *   modelType: 'tiny',
 *   defaults: {
 *     sizes: llamaSizes,
 *     ropeTheta: 10000,
 *     bosTokenId: 1,
 *     eosTokenId: 2,
 *     padTokenId: null,
 *     tieWordEmbeddings: true,
 *   },
 *   keys: { aliases: {}, refused: {}, harmless: [] },
 * });
 */
export function llamaLikeConfig<Extra extends object = object>({
  name,
  modelType,
  defaults,
  keys,
  extra,
}: LlamaLikeFormat<Extra>): ConfigClass<LlamaLikeConfig & Extra> {
  return configClass<LlamaLikeConfig & Extra>({
    name,
    modelType,
    keys: {
      ...keys,
      refused: {
        partial_rotary_factor: { unless: [1], lacks: 'rotary positions of a part of a head' },
        ...keys.refused,
      },
    },
    read(reader) {
      const sized = reader.sizes(sizes, defaults.sizes);
      const tokens = { bos: defaults.bosTokenId, eos: defaults.eosTokenId, pad: defaults.padTokenId };
      const heads = readHeads(reader, sized, defaults);
      return {
        ...sized,
        ...heads,
        hiddenAct: reader.oneOf('hidden_act', 'silu', activationNames),
        rmsNormEps: reader.epsilon('rms_norm_eps', 1e-6),
        initializerRange: reader.initializerRange(),
        ...readRotary(reader, { ...sized, ...heads, ropeTheta: defaults.ropeTheta }),
        attentionDropout: reader.rate('attention_dropout', 0),
        ...readSpecialTokens(reader, sized.vocabSize, tokens),
        tieWordEmbeddings: reader.flag('tie_word_embeddings', defaults.tieWordEmbeddings),
        ...(extra?.read(reader, sized) as Extra),
      } as OwnSettings<LlamaLikeConfig & Extra>;
    },
    toJson: (config) => ({
      ...renamed(sizes, config),
      num_key_value_heads: config.numKeyValueHeads,
      head_dim: config.headDim,
      hidden_act: config.hiddenAct,
      rms_norm_eps: config.rmsNormEps,
      initializer_range: config.initializerRange,
      ...rotaryToJson(config),
      attention_dropout: config.attentionDropout,
      ...specialTokensToJson(config),
      tie_word_embeddings: config.tieWordEmbeddings,
      ...extra?.toJson(config),
    }),
    replace: (config, changes) => ({ ...replaceSizes(config, changes), ...extra?.follow?.(changes) }),
  });
}

/** The heads of keys and values, and the width of a head. */
function readHeads(
  reader: ConfigReader,
  { hiddenSize, numAttentionHeads }: typeof llamaSizes,
  defaults: { readonly numKeyValueHeads?: number; readonly headDim?: number },
): Pick<LlamaLikeConfig, 'numKeyValueHeads' | 'headDim'> {
  const { numKeyValueHeads: usual = numAttentionHeads } = defaults;
  const fallback = numAttentionHeads % usual === 0 ? usual : numAttentionHeads;
  const numKeyValueHeads = reader.optionalSize('num_key_value_heads') ?? fallback;
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    reader.refuse(
      ['num_attention_heads', 'num_key_value_heads'],
      ([heads, keyHeads]) =>
        `${heads} ${numAttentionHeads} cannot be shared out among ${keyHeads} ${numKeyValueHeads}; a multiple was expected`,
    );
  }
  const given = reader.optionalSize('head_dim') ?? defaults.headDim;
  if (given === undefined) reader.checkHeads(hiddenSize, numAttentionHeads, ['hidden_size', 'num_attention_heads']);
  const headDim = given ?? hiddenSize / numAttentionHeads;
  if (headDim % 2 !== 0) reader.fail('head_dim', headDim, 'an even number: rotary positions turn pairs of numbers');
  return { numKeyValueHeads, headDim };
}
