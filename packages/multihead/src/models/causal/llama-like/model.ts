/** @file Causal language models that are shaped like Llama, and what such families have in common. */
import type { Embedding } from '../../../nn/layers/embedding.js';
import type { Linear } from '../../../nn/layers/linear.js';
import type { ConfigClass } from '../../core/config.js';
import type { Architecture } from '../../family.js';
import type { CausalDecoder } from '../causal-decoder.js';
import { CausalLanguageModel, untiedHead } from '../causal-language-model.js';
import type { LlamaLikeConfig } from './config.js';
import { type LayerTraits, LlamaLikeDecoder } from './decoder.js';
import { longestText } from './rotary-settings.js';

/**
 * The architecture of a Llama-like family.
 *
 * @example
 * const architecture = llamaLikeArchitecture(Qwen2Config);
 */
export const llamaLikeArchitecture = <C extends LlamaLikeConfig>(config: ConfigClass<C>): Architecture<C> => ({
  modelType: config.modelType,
  config,
  basePrefix: 'model',
  inputs: ['input_ids', 'attention_mask'],
  maxLength: longestText,
  parameterGroups: { embeddings: ['embed_tokens'], layers: 'layers', top: ['norm'] },
  checkpoint: { redundant: [/(^|\.)rotary_emb\.inv_freq$/, /^lm_head\.weight$/] },
});

/**
 * Base class of causal language models that are shaped like Llama. A family says how its layers differ.
 *
 * @example
 * class AcmeForCausalLM extends LlamaLikeForCausalLM {
 *   static readonly architecture = llamaLikeArchitecture(LlamaConfig);
 *   constructor(readonly config: LlamaConfig) {
 *     super(config, () => ({ qkvBias: true, slidingWindow: 1024 }));
 *   }
 * }
 */
export abstract class LlamaLikeForCausalLM extends CausalLanguageModel {
  readonly model: LlamaLikeDecoder;
  readonly lmHead: Linear | undefined;

  /** @param traitsOf how a layer differs from a plain one; layers are counted from 0 */
  constructor(config: LlamaLikeConfig, traitsOf: (layer: number) => LayerTraits) {
    super();
    this.model = new LlamaLikeDecoder(config, traitsOf);
    this.lmHead = untiedHead(config);
  }

  protected get decoder(): CausalDecoder {
    return this.model;
  }

  protected get embedding(): Embedding {
    return this.model.embedTokens;
  }
}
