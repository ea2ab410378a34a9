/** @file The Llama family's configuration. Defaults are those of Hugging Face's LlamaConfig. */
import type { RotaryScaling } from '../../nn/attention/rotary.js';
import { type CausalConfig, readSpecialTokens, replaceSizes, specialTokensToJson } from '../causal/causal-config.js';
import { type ConfigClass, configClass, type OwnSettings } from '../core/config.js';
import type { ConfigKeys } from '../core/config-keys.js';
import { activationNames, type ConfigReader, renamed } from '../core/model-config.js';
import { readRotary, rotaryToJson } from './rotary.js';

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

function read(reader: ConfigReader): OwnSettings<LlamaConfig> {
  const sized = reader.sizes(sizes, defaultSizes);
  const { hiddenSize, numAttentionHeads, maxPositionEmbeddings, vocabSize } = sized;
  const numKeyValueHeads = reader.optionalSize('num_key_value_heads') ?? numAttentionHeads;
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    reader.refuse(
      ['num_attention_heads', 'num_key_value_heads'],
      ([heads, keyHeads]) =>
        `${heads} ${numAttentionHeads} cannot be shared out among ${keyHeads} ${numKeyValueHeads}; a multiple was expected`,
    );
  }
  const headDim = reader.optionalSize('head_dim');
  if (headDim === null) reader.checkHeads(hiddenSize, numAttentionHeads, ['hidden_size', 'num_attention_heads']);
  const width = headDim ?? hiddenSize / numAttentionHeads;
  if (width % 2 !== 0) reader.fail('head_dim', width, 'an even number: rotary positions turn pairs of numbers');
  return {
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
  };
}

const toJson = (config: LlamaConfig): Record<string, unknown> => ({
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
 * Llama's configuration class.
 *
 * @example
 * const config = new LlamaConfig({ hiddenSize: 256, intermediateSize: 688, numHiddenLayers: 4, numAttentionHeads: 8 });
 * const model = new LlamaForCausalLM(config); // random weights
 */
export const LlamaConfig: ConfigClass<LlamaConfig> = configClass<LlamaConfig>({
  name: 'LlamaConfig',
  modelType: 'llama',
  keys,
  read,
  toJson,
  replace: replaceSizes,
});
