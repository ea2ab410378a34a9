/**
 * @file GPT-2 (Radford et al. 2019): a stack of pre-norm transformer layers, each position seeing those before it, over
 *   token and learned position embeddings. Properties have the names of Hugging Face's checkpoints.
 */

import { groupedQueryAttention } from '../../nn/attention/grouped-query-attention.js';
import { joinHeads, splitHeads } from '../../nn/attention/heads.js';
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Conv1D } from '../../nn/layers/conv1d.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Embedding } from '../../nn/layers/embedding.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import type { Linear } from '../../nn/layers/linear.js';
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
import type { Architecture } from '../family.js';
import { GPT2Config } from './config.js';

/**
 * Standard deviation of new weights of the projections that add to the residual stream: smaller by the root of how many
 * there are, so that the stream's variance does not grow with depth (section 2.3 of the paper).
 */
const residualDeviation = ({ initializerRange, numHiddenLayers }: GPT2Config): number =>
  initializerRange / Math.sqrt(2 * numHiddenLayers);

class GPT2Attention extends Module {
  readonly cAttn: Conv1D;
  readonly cProj: Conv1D;
  private readonly attnDropout: Dropout;
  private readonly residDropout: Dropout;
  private readonly heads: number;
  private readonly scale: number;

  constructor(config: GPT2Config, layer: number) {
    super();
    const { hiddenSize, initializerRange } = config;
    this.cAttn = new Conv1D(hiddenSize, 3 * hiddenSize, initializerRange);
    this.cProj = new Conv1D(hiddenSize, hiddenSize, residualDeviation(config));
    this.attnDropout = new Dropout(config.attnPdrop);
    this.residDropout = new Dropout(config.residPdrop);
    this.heads = config.numAttentionHeads;
    this.scale =
      (config.scaleAttnWeights ? 1 / Math.sqrt(config.headDim) : 1) /
      (config.scaleAttnByInverseLayerIdx ? layer + 1 : 1);
  }

  /** x: [batch, sequence, hiddenSize] */
  forward(x: Tensor, { mask, past }: LayerContext): LayerOutput {
    const size = x.shape[2] as number;
    const all = this.cAttn.forward(x); // queries, keys and values: [batch, sequence, 3 hiddenSize]
    const part = (which: number) => splitHeads(all.slice(2, which * size, (which + 1) * size), this.heads);
    const [query, key, value] = [part(0), part(1), part(2)]; // [batch, heads, sequence, headDim]
    const options = { mask, past, dropout: this.attnDropout, scale: this.scale };
    const { output, weights } = groupedQueryAttention(query, { key, value }, options);
    const projected = this.residDropout.forward(this.cProj.forward(joinHeads(output)));
    return { output: projected, weights, present: { key, value } };
  }
}

class GPT2FeedForward extends Module {
  readonly cFc: Conv1D;
  readonly cProj: Conv1D;
  private readonly activate: Activation;
  private readonly dropout: Dropout;

  constructor(config: GPT2Config) {
    super();
    const { hiddenSize, nInner, initializerRange } = config;
    const inner = nInner ?? 4 * hiddenSize;
    this.cFc = new Conv1D(hiddenSize, inner, initializerRange);
    this.cProj = new Conv1D(inner, hiddenSize, residualDeviation(config));
    this.activate = activation(config.activationFunction);
    this.dropout = new Dropout(config.residPdrop);
  }

  forward(x: Tensor): Tensor {
    return this.dropout.forward(this.cProj.forward(this.activate(this.cFc.forward(x))));
  }
}

/** One layer: x + attention(norm(x)), then x + feedForward(norm(x)). */
class GPT2Block extends Module {
  readonly ln_1: LayerNorm;
  readonly attn: GPT2Attention;
  readonly ln_2: LayerNorm;
  readonly mlp: GPT2FeedForward;

  constructor(config: GPT2Config, layer: number) {
    super();
    this.ln_1 = new LayerNorm(config.hiddenSize, config.layerNormEpsilon);
    this.attn = new GPT2Attention(config, layer);
    this.ln_2 = new LayerNorm(config.hiddenSize, config.layerNormEpsilon);
    this.mlp = new GPT2FeedForward(config);
  }

  forward(hidden: Tensor, context: LayerContext): LayerOutput {
    const attended = this.attn.forward(this.ln_1.forward(hidden), context);
    const middle = hidden.add(attended.output);
    return { ...attended, output: middle.add(this.mlp.forward(this.ln_2.forward(middle))) };
  }
}

/** GPT-2 without its head. */
class GPT2Decoder extends Module implements CausalDecoder {
  readonly wte: Embedding;
  readonly wpe: Embedding;
  readonly h: readonly GPT2Block[];
  readonly lnF: LayerNorm;
  private readonly dropout: Dropout;

  constructor(config: GPT2Config) {
    super();
    const { hiddenSize, initializerRange: deviation } = config;
    this.wte = new Embedding(config.vocabSize, hiddenSize, { deviation });
    this.wpe = new Embedding(config.maxPositionEmbeddings, hiddenSize, { deviation });
    this.dropout = new Dropout(config.embdPdrop);
    this.h = Array.from({ length: config.numHiddenLayers }, (_, layer) => new GPT2Block(config, layer));
    this.lnF = new LayerNorm(hiddenSize, config.layerNormEpsilon);
  }

  forward({ inputIds, positions, mask, past }: DecoderInputs): Decoded {
    const embedded = this.dropout.forward(this.wte.forward(inputIds).add(this.wpe.forward(positions)));
    return runLayers(embedded, this.h, this.lnF, (layer) => ({ mask, past: past?.[layer] }));
  }
}

/** GPT-2 (Radford et al. 2019). */
export const gpt2Architecture: Architecture<GPT2Config> = {
  modelType: 'gpt2',
  config: GPT2Config,
  basePrefix: 'transformer',
  inputs: ['input_ids', 'attention_mask'],
  parameterGroups: { embeddings: ['wte', 'wpe'], layers: 'h', top: ['ln_f'] },
  checkpoint: { redundant: [/(^|\.)attn\.(bias|masked_bias)$/, /^lm_head\.weight$/] },
};

/**
 * GPT-2 for causal language modeling: scores of the next token, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await GPT2LMHeadModel.fromPretrained('models/gpt2');
 */
export class GPT2LMHeadModel extends CausalLanguageModel {
  static readonly architecture = gpt2Architecture;
  readonly transformer: GPT2Decoder;
  readonly lmHead: Linear | undefined;

  constructor(readonly config: GPT2Config) {
    super();
    this.transformer = new GPT2Decoder(config);
    this.lmHead = untiedHead(config);
  }

  protected get decoder(): CausalDecoder {
    return this.transformer;
  }

  protected get embedding(): Embedding {
    return this.transformer.wte;
  }
}
