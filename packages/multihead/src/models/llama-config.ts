/** @file The Llama family's configuration. Defaults are those of Hugging Face's LlamaConfig. */
import { UserError } from '../errors.js';
import type { RotaryScaling } from '../nn/rotary.js';
import { type CausalConfig, readSpecialTokens, replaceSizes, specialTokensToJson } from './causal-config.js';
import type { ConfigKeys } from './config-keys.js';
import { readRotary, rotaryToJson } from './llama-rotary.js';
import { activationNames, type ConfigFormat, ConfigReader, renamed } from './model-config.js';

/** The sizes and settings of a Llama. */
export interface LlamaConfig extends CausalConfig {
  readonly intermediateSize: number;
  readonly hiddenAct: string;
  readonly rmsNormEps: number;
  /** Base of the rotary positions' wavelengths. */
  readonly ropeTheta: number;
  /** How rotary positions are stretched past what the model was first trained on; null for not at all. */
  readonly ropeScaling: RotaryScaling | null;
  /** Whether attention's projections have biases. */
  readonly attentionBias: boolean;
  /** Whether the feed-forward network's projections have biases. */
  readonly mlpBias: boolean;
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

const defaultSizes = {
  vocabSize: 32000,
  hiddenSize: 4096,
  intermediateSize: 11008,
  numHiddenLayers: 32,
  numAttentionHeads: 32,
  maxPositionEmbeddings: 2048,
};

const keys: ConfigKeys = {
  aliases: {},
  refused: {
    sliding_window: { unless: [], lacks: 'attention to a window' },
    partial_rotary_factor: { unless: [1], lacks: 'rotary positions of a part of a head' },
  },
  harmless: ['pretraining_tp', 'is_decoder', 'rope_interleaved', 'is_llama_config', 'mlp_hidden_size'],
};

function parse(json: unknown, where: string): LlamaConfig {
  const reader = new ConfigReader(json, 'llama', where, keys);
  const sized = reader.sizes(sizes, defaultSizes);
  const { hiddenSize, numAttentionHeads, maxPositionEmbeddings, vocabSize } = sized;
  const numKeyValueHeads = reader.optionalSize('num_key_value_heads') ?? numAttentionHeads;
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    throw new UserError(
      `${where}: num_attention_heads ${numAttentionHeads} cannot be shared out among num_key_value_heads ` +
        `${numKeyValueHeads}; a multiple was expected`,
    );
  }
  const headDim = reader.optionalSize('head_dim');
  if (headDim === null) reader.checkHeads(hiddenSize, numAttentionHeads, ['hidden_size', 'num_attention_heads']);
  const width = headDim ?? hiddenSize / numAttentionHeads;
  if (width % 2 !== 0) reader.fail('head_dim', width, 'an even number: rotary positions turn pairs of numbers');
  return {
    modelType: 'llama',
    ...sized,
    numKeyValueHeads,
    headDim: width,
    hiddenAct: reader.oneOf('hidden_act', 'silu', activationNames),
    rmsNormEps: reader.epsilon('rms_norm_eps', 1e-6),
    initializerRange: reader.initializerRange(),
    ...readRotary(reader, maxPositionEmbeddings),
    attentionBias: reader.flag('attention_bias', false),
    mlpBias: reader.flag('mlp_bias', false),
    attentionDropout: reader.rate('attention_dropout', 0),
    ...readSpecialTokens(reader, vocabSize, { bos: 1, eos: 2 }),
    tieWordEmbeddings: reader.flag('tie_word_embeddings', false),
    architectures: reader.architectures(),
    others: reader.others(),
  };
}

const toJson = (config: LlamaConfig): Record<string, unknown> => ({
  ...config.others,
  architectures: config.architectures,
  model_type: 'llama',
  ...renamed(sizes, config),
  num_key_value_heads: config.numKeyValueHeads,
  head_dim: config.headDim,
  hidden_act: config.hiddenAct,
  rms_norm_eps: config.rmsNormEps,
  initializer_range: config.initializerRange,
  ...rotaryToJson(config),
  attention_bias: config.attentionBias,
  mlp_bias: config.mlpBias,
  attention_dropout: config.attentionDropout,
  ...specialTokensToJson(config),
  tie_word_embeddings: config.tieWordEmbeddings,
});

/**
 * How Llama's configuration is read and written.
 *
 * @example
 * const config = await readConfig('models/stories260K', llamaConfig);
 */
export const llamaConfig: ConfigFormat<LlamaConfig> = { modelType: 'llama', parse, toJson, replace: replaceSizes };
