/** @file The Llama family's configuration. Defaults are those of Hugging Face's LlamaConfig. */
import { type LlamaLikeConfig, llamaLikeConfig, llamaSizes } from '../causal/llama-like/config.js';
import type { ConfigClass } from '../core/config.js';

/** The sizes and settings of a Llama. */
export interface LlamaConfig extends LlamaLikeConfig {
  /** Whether attention's projections have biases. */
  readonly attentionBias: boolean;
  /** Whether the feed-forward network's projections have biases. */
  readonly mlpBias: boolean;
}

/**
 * Llama's configuration class.
 *
 * @example
 * const config = new LlamaConfig({ hiddenSize: 256, intermediateSize: 688, numHiddenLayers: 4, numAttentionHeads: 8 });
 * const model = new LlamaForCausalLM(config); // random weights
 */
export const LlamaConfig: ConfigClass<LlamaConfig> = llamaLikeConfig({
  name: 'LlamaConfig',
  modelType: 'llama',
  defaults: {
    sizes: llamaSizes,
    ropeTheta: 10000,
    bosTokenId: 1,
    eosTokenId: 2,
    padTokenId: null,
    tieWordEmbeddings: false,
  },
  keys: {
    aliases: {},
    refused: { sliding_window: { unless: [], lacks: 'attention to a window' } },
    harmless: ['pretraining_tp', 'is_decoder', 'rope_interleaved', 'is_llama_config', 'mlp_hidden_size'],
  },
  extra: {
    read: (reader) => ({
      attentionBias: reader.flag('attention_bias', false),
      mlpBias: reader.flag('mlp_bias', false),
    }),
    toJson: ({ attentionBias, mlpBias }) => ({ attention_bias: attentionBias, mlp_bias: mlpBias }),
  },
});
