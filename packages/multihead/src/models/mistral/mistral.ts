/** @file Mistral (Jiang et al. 2023): Llama with attention to a sliding window. */
import { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../causal/llama-like/model.js';
import { MistralConfig } from './config.js';

/**
 * Mistral for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await MistralForCausalLM.fromPretrained('models/mistral-7b');
 */
export class MistralForCausalLM extends LlamaLikeForCausalLM {
  static readonly architecture = llamaLikeArchitecture(MistralConfig);

  constructor(readonly config: MistralConfig) {
    super(config, () => ({ slidingWindow: config.slidingWindow }));
  }
}
