/**
 * @file The decoder of Llama (Touvron et al. 2023) and of families built like it: pre-norm transformer layers with RMSNorm,
 *   rotary positions, grouped-query attention and a gated feed-forward network. Properties have the names of Hugging Face's
 *   checkpoints.
 */
import { groupedQueryAttention } from '../../../nn/attention/grouped-query-attention.js';
import { joinHeads, splitHeads } from '../../../nn/attention/heads.js';
import { slidingWindowMask } from '../../../nn/attention/mask.js';
import { type Rotation, rotaryEmbedding, scaledRotation } from '../../../nn/attention/rotary.js';
import { Dropout } from '../../../nn/layers/dropout.js';
import { Embedding } from '../../../nn/layers/embedding.js';
import { GatedFeedForward } from '../../../nn/layers/gated-feed-forward.js';
import { Linear } from '../../../nn/layers/linear.js';
import { RmsNorm } from '../../../nn/layers/rms-norm.js';
import { Module } from '../../../nn/module.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { paddingRow } from '../../core/model-config.js';
import {
  type CausalDecoder,
  type Decoded,
  type DecoderInputs,
  type LayerContext,
  type LayerOutput,
  runLayers,
} from '../causal-decoder.js';
import type { LlamaLikeConfig } from './config.js';

/** How a layer differs from a plain one, which has no biases, attends to everything before it and turns all its heads. */
export interface LayerTraits {
  /** Whether the projections to queries, keys and values have biases. */
  readonly qkvBias?: boolean;
  /** Whether the projection of attention's output has a bias. */
  readonly outputBias?: boolean;
  /** Whether the feed-forward network's projections have biases. */
  readonly mlpBias?: boolean;
  /** Whether each head's queries and keys are normalized (Qwen3). */
  readonly queryKeyNorm?: boolean;
  /** Number of positions that are attended to; null for all before. */
  readonly slidingWindow?: number | null;
  /** Whether queries and keys get rotary positions. Default: yes; SmolLM3 has layers without. */
  readonly rotary?: boolean;
}

interface LlamaContext extends LayerContext {
  readonly rotation: Rotation | undefined;
}

class LlamaAttention extends Module {
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly qNorm: RmsNorm | undefined;
  readonly kNorm: RmsNorm | undefined;
  private readonly dropout: Dropout;
  private readonly heads: number;
  private readonly kvHeads: number;

  constructor(config: LlamaLikeConfig, { qkvBias = false, outputBias = false, queryKeyNorm }: LayerTraits) {
    super();
    const { hiddenSize, headDim, numAttentionHeads: heads, numKeyValueHeads: kvHeads } = config;
    const linear = (from: number, to: number, bias: boolean) => new Linear(from, to, config.initializerRange, { bias });
    this.qProj = linear(hiddenSize, heads * headDim, qkvBias);
    this.kProj = linear(hiddenSize, kvHeads * headDim, qkvBias);
    this.vProj = linear(hiddenSize, kvHeads * headDim, qkvBias);
    this.oProj = linear(heads * headDim, hiddenSize, outputBias);
    this.qNorm = queryKeyNorm ? new RmsNorm(headDim, config.rmsNormEps) : undefined;
    this.kNorm = queryKeyNorm ? new RmsNorm(headDim, config.rmsNormEps) : undefined;
    this.dropout = new Dropout(config.attentionDropout);
    this.heads = heads;
    this.kvHeads = kvHeads;
  }

  /** x: [batch, sequence, hiddenSize] */
  forward(x: Tensor, { mask, past, rotation }: LlamaContext): LayerOutput {
    const placed = (heads: Tensor, norm: RmsNorm | undefined) => {
      const normalized = norm ? norm.forward(heads) : heads;
      return rotation ? rotaryEmbedding(normalized, rotation) : normalized;
    };
    const query = placed(splitHeads(this.qProj.forward(x), this.heads), this.qNorm); // [batch, heads, sequence, headDim]
    const key = placed(splitHeads(this.kProj.forward(x), this.kvHeads), this.kNorm); // [batch, kvHeads, sequence, headDim]
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

  constructor(config: LlamaLikeConfig, traits: LayerTraits) {
    super();
    const { hiddenSize, intermediateSize, hiddenAct, initializerRange: deviation } = config;
    const { mlpBias: bias = false } = traits;
    this.selfAttn = new LlamaAttention(config, traits);
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

/** A Llama-like model without its head. */
export class LlamaLikeDecoder extends Module implements CausalDecoder {
  readonly embedTokens: Embedding;
  readonly layers: readonly LlamaLayer[];
  readonly norm: RmsNorm;
  private readonly traits: readonly LayerTraits[];

  constructor(
    private readonly config: LlamaLikeConfig,
    traitsOf: (layer: number) => LayerTraits,
  ) {
    super();
    const { hiddenSize, initializerRange: deviation } = config;
    this.embedTokens = new Embedding(config.vocabSize, hiddenSize, {
      deviation,
      paddingIndex: paddingRow(config),
    });
    this.traits = Array.from({ length: config.numHiddenLayers }, (_, layer) => traitsOf(layer));
    this.layers = this.traits.map((traits) => new LlamaLayer(config, traits));
    this.norm = new RmsNorm(hiddenSize, config.rmsNormEps);
  }

  forward({ inputIds, positions, mask, places, past }: DecoderInputs): Decoded {
    const { headDim, ropeTheta: theta, ropeScaling: scaling, maxPositionEmbeddings } = this.config;
    const turned = scaledRotation(positions, { headDim, theta, scaling, maxPositionEmbeddings });
    const masks = new Map<number | null, Tensor>([[null, mask]]);
    const maskOf = (window: number | null): Tensor => {
      const known = masks.get(window) ?? slidingWindowMask(mask, places, window as number);
      masks.set(window, known);
      return known;
    };
    return runLayers(this.embedTokens.forward(inputIds), this.layers, this.norm, (layer) => {
      const { slidingWindow = null, rotary = true } = this.traits[layer] as LayerTraits;
      return { mask: maskOf(slidingWindow), past: past?.[layer], rotation: rotary ? turned : undefined };
    });
  }
}
