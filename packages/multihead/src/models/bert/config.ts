/** @file BERT's configuration. Defaults are those of Hugging Face's BertConfig. */
import type { ConfigClass } from '../core/config.js';
import { type BertLikeConfig, bertLikeConfig, bertSizes } from '../encoder/encoder-config.js';

/** The sizes and settings of a BERT. */
export interface BertConfig extends BertLikeConfig {}

/**
 * BERT's configuration class.
 *
 * @example
 * const config = new BertConfig({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 4, intermediateSize: 1024 });
 * const model = new BertForMaskedLM(config); // random weights
 */
export const BertConfig: ConfigClass<BertConfig> = bertLikeConfig({
  name: 'BertConfig',
  modelType: 'bert',
  defaults: { sizes: bertSizes, padTokenId: 0, layerNormEps: 1e-12 },
  keys: {
    aliases: {},
    refused: { is_decoder: { unless: [false], lacks: 'causal attention' } },
    harmless: [
      // of Google's own code, which its checkpoints carry
      ...[
        'directionality',
        'pooler_fc_size',
        'pooler_num_attention_heads',
        'pooler_num_fc_layers',
        'pooler_size_per_head',
      ],
      ...['pooler_type', 'attention_window', 'is_training'],
    ],
  },
});
