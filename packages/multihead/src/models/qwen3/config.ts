/** @file Qwen3's configuration. Defaults are those of Hugging Face's Qwen3Config. */
import { type LlamaLikeConfig, llamaLikeConfig, llamaSizes } from '../causal/llama-like/config.js';
import {
  followQwenWindow,
  type QwenWindowConfig,
  qwenWindowToJson,
  readQwenWindow,
} from '../causal/llama-like/qwen-window.js';
import type { ConfigClass } from '../core/config.js';

/** The sizes and settings of a Qwen3. */
export interface Qwen3Config extends LlamaLikeConfig, QwenWindowConfig {
  /** Whether attention's projections have biases. */
  readonly attentionBias: boolean;
}

/**
 * Qwen3's configuration class. Heads are 128 wide whatever the hidden size, unless `headDim` is given.
 *
 * @example
 * const config = new Qwen3Config({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 8, headDim: 64 });
 * const model = new Qwen3ForCausalLM(config); // random weights
 */
export const Qwen3Config: ConfigClass<Qwen3Config> = llamaLikeConfig({
  name: 'Qwen3Config',
  modelType: 'qwen3',
  defaults: {
    sizes: { ...llamaSizes, vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768 },
    headDim: 128,
    ropeTheta: 10000,
    bosTokenId: null,
    eosTokenId: null,
    padTokenId: null,
    tieWordEmbeddings: false,
  },
  keys: { aliases: {}, refused: {}, harmless: ['is_decoder'] },
  extra: {
    read: (reader, { numHiddenLayers }) => ({
      attentionBias: reader.flag('attention_bias', false),
      ...readQwenWindow(reader, numHiddenLayers),
    }),
    toJson: (config) => ({ attention_bias: config.attentionBias, ...qwenWindowToJson(config) }),
    follow: followQwenWindow,
  },
});
