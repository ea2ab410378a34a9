/** @file Qwen2 (Yang et al. 2024) and Qwen2.5: Llama with biases in the projections to queries, keys and values. */
import { windowOf } from '../causal/llama-like/layer-types.js';
import { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../causal/llama-like/model.js';
import { Qwen2Config } from './config.js';

/**
 * Qwen2 for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await Qwen2ForCausalLM.fromPretrained('models/qwen2.5-0.5b-instruct');
 */
export class Qwen2ForCausalLM extends LlamaLikeForCausalLM {
  static readonly architecture = llamaLikeArchitecture(Qwen2Config);

  constructor(readonly config: Qwen2Config) {
    super(config, (layer) => ({ qkvBias: true, slidingWindow: windowOf(config, layer) }));
  }
}
