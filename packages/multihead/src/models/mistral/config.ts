/** @file Mistral's configuration. Defaults are those of Hugging Face's MistralConfig. */
import { type LlamaLikeConfig, llamaLikeConfig, llamaSizes } from '../causal/llama-like/config.js';
import type { ConfigClass } from '../core/config.js';

/** The sizes and settings of a Mistral. */
export interface MistralConfig extends LlamaLikeConfig {
  /** Number of positions that each position attends to; null for all before it. */
  readonly slidingWindow: number | null;
}

/**
 * Mistral's configuration class.
 *
 * @example
 * const config = new MistralConfig({ hiddenSize: 256, numAttentionHeads: 8, numKeyValueHeads: 2, slidingWindow: 128 });
 * const model = new MistralForCausalLM(config); // random weights
 */
export const MistralConfig: ConfigClass<MistralConfig> = llamaLikeConfig({
  name: 'MistralConfig',
  modelType: 'mistral',
  defaults: {
    sizes: { ...llamaSizes, intermediateSize: 14336, maxPositionEmbeddings: 131072 },
    numKeyValueHeads: 8,
    ropeTheta: 10000,
    bosTokenId: 1,
    eosTokenId: 2,
    padTokenId: null,
    tieWordEmbeddings: false,
  },
  keys: { aliases: {}, refused: { layer_types: { unless: [], lacks: 'kinds of layers' } }, harmless: ['is_decoder'] },
  extra: {
    read(reader) {
      const isNone = reader.isNull('sliding_window');
      const given = reader.optionalSize('sliding_window');
      return { slidingWindow: isNone ? null : (given ?? 4096) };
    },
    toJson: ({ slidingWindow }) => ({ sliding_window: slidingWindow }),
  },
});
