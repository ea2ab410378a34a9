/** @file Qwen3 (Yang et al. 2025): Llama with queries and keys that are normalized in each head. */
import { windowOf } from '../causal/llama-like/layer-types.js';
import { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../causal/llama-like/model.js';
import { Qwen3Config } from './config.js';

/**
 * Qwen3 for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await Qwen3ForCausalLM.fromPretrained('models/qwen3-0.6b');
 */
export class Qwen3ForCausalLM extends LlamaLikeForCausalLM {
  static readonly architecture = llamaLikeArchitecture(Qwen3Config);

  constructor(readonly config: Qwen3Config) {
    const { attentionBias } = config;
    super(config, (layer) => ({
      qkvBias: attentionBias,
      outputBias: attentionBias,
      queryKeyNorm: true,
      slidingWindow: windowOf(config, layer),
    }));
  }
}
