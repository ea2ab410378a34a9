/** @file SmolLM3 (Bakouch et al. 2025): Llama, with no positions in every fourth layer (NoPE, Yang et al. 2025). */
import { windowOf } from '../causal/llama-like/layer-types.js';
import { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../causal/llama-like/model.js';
import { SmolLM3Config } from './config.js';

/**
 * SmolLM3 for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await SmolLM3ForCausalLM.fromPretrained('models/smollm3-3b');
 */
export class SmolLM3ForCausalLM extends LlamaLikeForCausalLM {
  static readonly architecture = llamaLikeArchitecture(SmolLM3Config);

  constructor(readonly config: SmolLM3Config) {
    const { attentionBias, mlpBias } = config;
    super(config, (layer) => ({
      qkvBias: attentionBias,
      outputBias: attentionBias,
      mlpBias,
      rotary: config.noRopeLayers[layer] === 1,
      slidingWindow: windowOf(config, layer),
    }));
  }
}
