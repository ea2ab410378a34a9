/**
 * @file Llama (Touvron et al. 2023) and models built like it: pre-norm transformer layers with RMSNorm, rotary
 *   positions, grouped-query attention and a gated feed-forward network. Properties have the names of Hugging Face's
 *   checkpoints.
 */

import { groupedQueryAttention } from '../../nn/attention/grouped-query-attention.js';
import { joinHeads, splitHeads } from '../../nn/attention/heads.js';
import { type Rotation, rotaryEmbedding, rotaryFrequencies, rotation } from '../../nn/attention/rotary.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Embedding } from '../../nn/layers/embedding.js';
import { GatedFeedForward } from '../../nn/layers/gated-feed-forward.js';
import { Linear } from '../../nn/layers/linear.js';
import { RmsNorm } from '../../nn/layers/rms-norm.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  type CausalDecoder,
  type Decoded,
  type DecoderInputs,
  type LayerContext,
  type LayerOutput,
  runLayers,
} from '../causal/causal-decoder.js';
import { CausalLanguageModel, untiedHead } from '../causal/causal-language-model.js';
import { paddingRow } from '../core/model-config.js';
import type { Architecture } from '../family.js';
import { LlamaConfig } from './config.js';

interface LlamaContext extends LayerContext {
  readonly rotation: Rotation;
}

class LlamaAttention extends Module {
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  private readonly dropout: Dropout;
  private readonly heads: number;
  private readonly kvHeads: number;

  constructor(config: LlamaConfig) {
    super();
    const { hiddenSize, headDim, numAttentionHeads: heads, numKeyValueHeads: kvHeads } = config;
    const linear = (from: number, to: number) =>
      new Linear(from, to, config.initializerRange, { bias: config.attentionBias });
    this.qProj = linear(hiddenSize, heads * headDim);
    this.kProj = linear(hiddenSize, kvHeads * headDim);
    this.vProj = linear(hiddenSize, kvHeads * headDim);
    this.oProj = linear(heads * headDim, hiddenSize);
    this.dropout = new Dropout(config.attentionDropout);
    this.heads = heads;
    this.kvHeads = kvHeads;
  }

  /** x: [batch, sequence, hiddenSize] */
  forward(x: Tensor, { mask, past, rotation }: LlamaContext): LayerOutput {
    const query = rotaryEmbedding(splitHeads(this.qProj.forward(x), this.heads), rotation); // [batch, heads, sequence, headDim]
    const key = rotaryEmbedding(splitHeads(this.kProj.forward(x), this.kvHeads), rotation); // [batch, kvHeads, sequence, headDim]
    const value = splitHeads(this.vProj.forward(x), this.kvHeads);
    const { output, weights } = groupedQueryAttention(query, { key, value }, { mask, past, dropout: this.dropout });
    return { output: this.oProj.forward(joinHeads(output)), weights, present: { key, value } };
  }
}

/** One layer: x + attention(norm(x)), then x + feedForward(norm(x)). */
class LlamaLayer extends Module {
  readonly selfAttn: LlamaAttention;
  readonly mlp: GatedFeedForward;
  readonly inputLayernorm: RmsNorm;
  readonly postAttentionLayernorm: RmsNorm;

  constructor(config: LlamaConfig) {
    super();
    const { hiddenSize, intermediateSize, hiddenAct, mlpBias: bias, initializerRange: deviation } = config;
    this.selfAttn = new LlamaAttention(config);
    this.mlp = new GatedFeedForward({ hiddenSize, intermediateSize, hiddenAct, bias, deviation });
    this.inputLayernorm = new RmsNorm(hiddenSize, config.rmsNormEps);
    this.postAttentionLayernorm = new RmsNorm(hiddenSize, config.rmsNormEps);
  }

  forward(hidden: Tensor, context: LlamaContext): LayerOutput {
    const attended = this.selfAttn.forward(this.inputLayernorm.forward(hidden), context);
    const middle = hidden.add(attended.output);
    return { ...attended, output: middle.add(this.mlp.forward(this.postAttentionLayernorm.forward(middle))) };
  }
}

/** Llama without its head. */
class LlamaDecoder extends Module implements CausalDecoder {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaLayer[];
  readonly norm: RmsNorm;
  private readonly frequencies: Float32Array;

  constructor(config: LlamaConfig) {
    super();
    const { hiddenSize, initializerRange: deviation } = config;
    this.embedTokens = new Embedding(config.vocabSize, hiddenSize, {
      deviation,
      paddingIndex: paddingRow(config),
    });
    this.layers = Array.from({ length: config.numHiddenLayers }, () => new LlamaLayer(config));
    this.norm = new RmsNorm(hiddenSize, config.rmsNormEps);
    this.frequencies = rotaryFrequencies(config.headDim, config.ropeTheta, config.ropeScaling);
  }

  forward({ inputIds, positions, mask, past }: DecoderInputs): Decoded {
    const turned = rotation(positions, this.frequencies);
    return runLayers(this.embedTokens.forward(inputIds), this.layers, this.norm, (layer) => ({
      mask,
      past: past?.[layer],
      rotation: turned,
    }));
  }
}

/** Llama (Touvron et al. 2023). */
export const llamaArchitecture: Architecture<LlamaConfig> = {
  modelType: 'llama',
  config: LlamaConfig,
  basePrefix: 'model',
  inputs: ['input_ids', 'attention_mask'],
  parameterGroups: { embeddings: ['embed_tokens'], layers: 'layers', top: ['norm'] },
  checkpoint: { redundant: [/(^|\.)rotary_emb\.inv_freq$/, /^lm_head\.weight$/] },
};

/**
 * Llama for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await LlamaForCausalLM.fromPretrained('models/stories260K');
 */
export class LlamaForCausalLM extends CausalLanguageModel {
  static readonly architecture = llamaArchitecture;
  readonly model: LlamaDecoder;
  readonly lmHead: Linear | undefined;

  constructor(readonly config: LlamaConfig) {
    super();
    this.model = new LlamaDecoder(config);
    this.lmHead = untiedHead(config);
  }

  protected get decoder(): CausalDecoder {
    return this.model;
  }

  protected get embedding(): Embedding {
    return this.model.embedTokens;
  }
}
