/** @file Qwen2's configuration, of Qwen2.5, too. Defaults are those of Hugging Face's Qwen2Config. */
import { type LlamaLikeConfig, llamaLikeConfig, llamaSizes } from '../causal/llama-like/config.js';
import {
  followQwenWindow,
  type QwenWindowConfig,
  qwenWindowToJson,
  readQwenWindow,
} from '../causal/llama-like/qwen-window.js';
import type { ConfigClass } from '../core/config.js';

/** The sizes and settings of a Qwen2. */
export interface Qwen2Config extends LlamaLikeConfig, QwenWindowConfig {}

/**
 * Qwen2's configuration class.
 *
 * @example
 * const config = new Qwen2Config({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 8, numKeyValueHeads: 2 });
 * const model = new Qwen2ForCausalLM(config); // random weights
 */
export const Qwen2Config: ConfigClass<Qwen2Config> = llamaLikeConfig({
  name: 'Qwen2Config',
  modelType: 'qwen2',
  defaults: {
    sizes: { ...llamaSizes, vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768 },
    ropeTheta: 10000,
    bosTokenId: null,
    eosTokenId: null,
    padTokenId: null,
    tieWordEmbeddings: false,
  },
  keys: { aliases: {}, refused: {}, harmless: ['use_mrope', 'is_decoder'] },
  extra: {
    read: (reader, { numHiddenLayers }) => readQwenWindow(reader, numHiddenLayers),
    toJson: qwenWindowToJson,
    follow: followQwenWindow,
  },
});
