/** @file The configuration of ELECTRA. Defaults are those of Hugging Face's ElectraConfig. */
import type { ConfigClass } from '../core/config.js';
import { type BertLikeConfig, bertLikeConfig, bertSizes } from '../encoder/encoder-config.js';

/** The sizes and settings of an ELECTRA, discriminator or generator. */
export interface ElectraConfig extends BertLikeConfig {
  /** Size of the embeddings, which a linear layer brings to hiddenSize where it is another. */
  readonly embeddingSize: number;
}

/**
 * ELECTRA's configuration class.
 *
 * @example
 * const config = new ElectraConfig({ hiddenSize: 128, embeddingSize: 64, numHiddenLayers: 4, numAttentionHeads: 4 });
 * const model = new ElectraForPreTraining(config); // random weights
 */
export const ElectraConfig: ConfigClass<ElectraConfig> = bertLikeConfig({
  name: 'ElectraConfig',
  modelType: 'electra',
  defaults: {
    sizes: { ...bertSizes, hiddenSize: 256, numAttentionHeads: 4, intermediateSize: 1024 },
    padTokenId: 0,
    layerNormEps: 1e-12,
  },
  keys: {
    aliases: {},
    refused: { is_decoder: { unless: [false], lacks: 'causal attention' } },
    // of multiple choice
    harmless: ['summary_type', 'summary_use_proj', 'summary_activation', 'summary_last_dropout'],
  },
  extra: {
    read: (reader) => ({ embeddingSize: reader.size('embedding_size', 128) }),
    toJson: ({ embeddingSize }) => ({ embedding_size: embeddingSize }),
  },
});
