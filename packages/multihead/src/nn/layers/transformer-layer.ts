/** @file One transformer layer: attention, for decoders cross-attention, and feed-forward, each with residual and norm. */

import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type AttentionInputs, MultiHeadAttention } from '../attention/attention.js';
import { Module } from '../module.js';
import { Dropout } from './dropout.js';
import { FeedForward } from './feed-forward.js';
import { LayerNorm } from './layer-norm.js';

/** Sizes and kind of a transformer layer. */
export interface TransformerLayerOptions {
  readonly hiddenSize: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly hiddenAct?: string;
  readonly dropout?: number;
  readonly attentionDropout?: number;
  readonly layerNormEpsilon?: number;
  /**
   * Where the norm stands. `post`: norm(x + f(x)), the first transformer's and BERT's. `pre`: x + f(norm(x)), GPT-2's,
   * which trains deep stacks without warm-up (Xiong et al. 2020).
   */
  readonly norm?: 'post' | 'pre';
  /** Whether the layer also looks at an encoder's output. */
  readonly crossAttention?: boolean;
}

const optionNames = namesOf<TransformerLayerOptions>({
  hiddenSize: true,
  heads: true,
  intermediateSize: true,
  hiddenAct: true,
  dropout: true,
  attentionDropout: true,
  layerNormEpsilon: true,
  norm: true,
  crossAttention: true,
});

/** A sub-layer wrapped in its residual connection, with the norm before or after it. */
class Residual extends Module {
  readonly norm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(
    size: number,
    dropout: number,
    epsilon: number,
    private readonly place: 'post' | 'pre',
  ) {
    super();
    this.norm = new LayerNorm(size, epsilon);
    this.dropout = new Dropout(dropout);
  }

  forward(x: Tensor, sublayer: (x: Tensor) => Tensor): Tensor {
    if (this.place === 'pre') return x.add(this.dropout.forward(sublayer(this.norm.forward(x))));
    return this.norm.forward(x.add(this.dropout.forward(sublayer(x))));
  }
}

/**
 * A layer of an encoder or, with a causal mask and cross-attention, of a decoder (Vaswani et al. 2017, figure 1).
 *
 * @example
 * const layer = new TransformerLayer({ hiddenSize: 64, heads: 4, intermediateSize: 256, norm: 'pre' });
 * const output = layer.forward(hidden, mask); // [batch, sequence, 64]
 */
export class TransformerLayer extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionResidual: Residual;
  readonly crossAttention: MultiHeadAttention | undefined;
  readonly crossResidual: Residual | undefined;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor(options: TransformerLayerOptions) {
    super();
    checkOptionNames(options, optionNames, 'TransformerLayer');
    const { hiddenSize, heads, intermediateSize, hiddenAct = 'gelu', dropout = 0, norm = 'post' } = options;
    const { attentionDropout = dropout, layerNormEpsilon = 1e-5, crossAttention = false } = options;
    const attention = () => new MultiHeadAttention({ hiddenSize, heads, dropout: attentionDropout });
    const residual = () => new Residual(hiddenSize, dropout, layerNormEpsilon, norm);
    this.attention = attention();
    this.attentionResidual = residual();
    this.crossAttention = crossAttention ? attention() : undefined;
    this.crossResidual = crossAttention ? residual() : undefined;
    this.feedForward = new FeedForward(hiddenSize, intermediateSize, hiddenAct);
    this.feedForwardResidual = residual();
  }

  /**
   * @param x      [batch, sequence, hiddenSize]
   * @param mask   for self-attention
   * @param cross  memory [batch, memory, hiddenSize] and its mask, for cross-attention
   * @returns in the shape of x
   */
  forward(x: Tensor, mask?: Tensor, cross: AttentionInputs = {}): Tensor {
    let hidden = this.attentionResidual.forward(x, (h) => this.attention.forward(h, { mask }).output);
    const { crossAttention, crossResidual } = this;
    if (crossAttention && crossResidual) {
      hidden = crossResidual.forward(hidden, (h) => crossAttention.forward(h, cross).output);
    }
    return this.feedForwardResidual.forward(hidden, (h) => this.feedForward.forward(h));
  }
}
