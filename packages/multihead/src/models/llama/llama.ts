/** @file Llama (Touvron et al. 2023): versions 1 to 3, and models built like them, such as SmolLM2 and TinyLlama. */
import { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../causal/llama-like/model.js';
import { LlamaConfig } from './config.js';

/**
 * Llama for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await LlamaForCausalLM.fromPretrained('models/stories260K');
 */
export class LlamaForCausalLM extends LlamaLikeForCausalLM {
  static readonly architecture = llamaLikeArchitecture(LlamaConfig);

  constructor(readonly config: LlamaConfig) {
    const { attentionBias, mlpBias } = config;
    super(config, () => ({ qkvBias: attentionBias, outputBias: attentionBias, mlpBias }));
  }
}
