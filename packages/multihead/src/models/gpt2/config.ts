/** @file GPT-2's configuration. Defaults are those of Hugging Face's GPT2Config. */
import { type CausalConfig, readSpecialTokens, replaceSizes, specialTokensToJson } from '../causal/causal-config.js';
import { type ConfigClass, configClass, type OwnSettings } from '../core/config.js';
import type { ConfigKeys } from '../core/config-keys.js';
import { activationNames, type ConfigReader, renamed } from '../core/model-config.js';

/** The sizes and settings of a GPT-2. In config.json the sizes are called `n_embd`, `n_layer`, `n_head`, `n_positions`. */
export interface GPT2Config extends CausalConfig {
  /** Width inside the feed-forward network; 4 hiddenSize where it is null. */
  readonly nInner: number | null;
  readonly activationFunction: string;
  /** Dropout of what each sub-layer adds. */
  readonly residPdrop: number;
  /** Dropout of the embeddings. */
  readonly embdPdrop: number;
  /** Dropout of attention weights. */
  readonly attnPdrop: number;
  readonly layerNormEpsilon: number;
  /** Whether scores are divided by the root of the head's width. */
  readonly scaleAttnWeights: boolean;
  /** Whether scores of layer i are divided by i + 1 besides. */
  readonly scaleAttnByInverseLayerIdx: boolean;
}

const sizes = {
  vocabSize: 'vocab_size',
  maxPositionEmbeddings: 'n_positions',
  hiddenSize: 'n_embd',
  numHiddenLayers: 'n_layer',
  numAttentionHeads: 'n_head',
} as const;

const defaultSizes = {
  vocabSize: 50257,
  maxPositionEmbeddings: 1024,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
};

/** The token <|endoftext|> of GPT-2's own vocabulary, which begins and ends texts. */
const endOfText = 50256;

const keys: ConfigKeys = {
  aliases: {
    hidden_size: 'n_embd',
    num_hidden_layers: 'n_layer',
    num_attention_heads: 'n_head',
    max_position_embeddings: 'n_positions',
  },
  refused: {},
  harmless: [
    ...['n_ctx', 'is_decoder', 'reorder_and_upcast_attn', 'predict_special_tokens', 'gradient_checkpointing'],
    // the head for several choices, which Multihead does not have
    ...['summary_type', 'summary_use_proj', 'summary_activation', 'summary_proj_to_labels', 'summary_first_dropout'],
  ],
};

function read(reader: ConfigReader): OwnSettings<GPT2Config> {
  const sized = reader.sizes(sizes, defaultSizes);
  const { hiddenSize, numAttentionHeads, vocabSize } = sized;
  reader.checkHeads(hiddenSize, numAttentionHeads, ['n_embd', 'n_head']);
  return {
    ...sized,
    numKeyValueHeads: numAttentionHeads,
    headDim: hiddenSize / numAttentionHeads,
    nInner: reader.optionalSize('n_inner'),
    activationFunction: reader.oneOf('activation_function', 'gelu_new', activationNames),
    residPdrop: reader.rate('resid_pdrop', 0.1),
    embdPdrop: reader.rate('embd_pdrop', 0.1),
    attnPdrop: reader.rate('attn_pdrop', 0.1),
    layerNormEpsilon: reader.epsilon('layer_norm_epsilon', 1e-5),
    initializerRange: reader.initializerRange(),
    scaleAttnWeights: reader.flag('scale_attn_weights', true),
    scaleAttnByInverseLayerIdx: reader.flag('scale_attn_by_inverse_layer_idx', false),
    ...readSpecialTokens(reader, vocabSize, { bos: endOfText, eos: endOfText }),
    tieWordEmbeddings: reader.flag('tie_word_embeddings', true),
  };
}

const toJson = (config: GPT2Config): Record<string, unknown> => ({
  ...renamed(sizes, config),
  n_inner: config.nInner,
  activation_function: config.activationFunction,
  resid_pdrop: config.residPdrop,
  embd_pdrop: config.embdPdrop,
  attn_pdrop: config.attnPdrop,
  layer_norm_epsilon: config.layerNormEpsilon,
  initializer_range: config.initializerRange,
  scale_attn_weights: config.scaleAttnWeights,
  scale_attn_by_inverse_layer_idx: config.scaleAttnByInverseLayerIdx,
  ...specialTokensToJson(config),
  tie_word_embeddings: config.tieWordEmbeddings,
});

/**
 * GPT-2's configuration class.
 *
 * @example
 * const config = new GPT2Config({ vocabSize: 65, hiddenSize: 128, numHiddenLayers: 4, numAttentionHeads: 4 });
 * const model = new GPT2LMHeadModel(config); // random weights
 */
export const GPT2Config: ConfigClass<GPT2Config> = configClass<GPT2Config>({
  name: 'GPT2Config',
  modelType: 'gpt2',
  keys,
  read,
  toJson,
  replace: replaceSizes,
});
