/** @file Scaled dot-product attention, and attention with several heads (Vaswani et al. 2017, section 3.2). */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Dropout } from '../layers/dropout.js';
import { Linear } from '../layers/linear.js';
import { Module } from '../module.js';
import { joinHeads, splitHeads } from './heads.js';
import type { Padding } from './padding.js';

/** The result of attention: its output, and the attention weights. */
export interface Attended {
  readonly output: Tensor;
  /** [batch, heads, sequence, memory]; each row sums to 1. Before dropout. */
  readonly weights: Tensor;
}

/**
 * softmax(Q K^T / sqrt(headDim) + mask) V
 *
 * The scale is the root of the HEAD's dimension, not of the model's: scores then have variance 1 at the start.
 *
 * @param query [batch, heads, sequence, headDim]
 * @param key   [batch, heads, memory, headDim]
 * @param value [batch, heads, memory, headDim]
 * @param options `mask` is added to the scores; it broadcasts to [batch, heads, sequence, memory]
 * @returns output [batch, heads, sequence, headDim]
 * @example
 * const { output } = scaledDotProductAttention(query, key, value, { mask: causalMask('sequence_length') });
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: { mask?: Tensor | undefined; dropout?: Dropout } = {},
): Attended {
  checkOptionNames(options, ['mask', 'dropout'], 'scaledDotProductAttention');
  const { mask, dropout } = options;
  const headDim = query.shape.at(-1) as number;
  const scores = query.matmul(key.transpose(-2, -1), { alpha: 1 / Math.sqrt(headDim) });
  const weights = (mask ? scores.add(mask) : scores).softmax(-1);
  return { output: (dropout ? dropout.forward(weights) : weights).matmul(value), weights };
}

/** Optional inputs of multi-head attention. */
export interface AttentionInputs {
  /** What keys and values are made of, [batch, memory, hiddenSize]; the input itself where left out. */
  readonly memory?: Tensor;
  /** Added to the scores, broadcast to [batch, heads, sequence, memory]. */
  readonly mask?: Tensor | undefined;
  /** The memory's padding, in the place of a mask. In self-attention, input and memory may be the rows of its tokens, [tokens, hiddenSize]. */
  readonly padding?: Padding | undefined;
}

/** Sizes of multi-head attention. */
export interface AttentionOptions {
  readonly hiddenSize: number;
  readonly heads: number;
  /** Share of attention weights dropped in training. */
  readonly dropout?: number;
  /** Standard deviation of new weights. */
  readonly deviation?: number;
  /** Whether the heads' outputs go through a last linear layer W_O here (BERT has it in a module of its own). */
  readonly project?: boolean;
}

const inputNames = namesOf<AttentionInputs>({ memory: true, mask: true, padding: true });

const optionNames = namesOf<AttentionOptions>({
  hiddenSize: true,
  heads: true,
  dropout: true,
  deviation: true,
  project: true,
});

/**
 * Multi-head attention (Vaswani et al. 2017, section 3.2.2).
 *
 *   head_i = softmax(Q_i K_i^T / sqrt(headDim) + mask) V_i      output = [head_1 ... head_h] W_O
 *
 * @example
 * const attention = new MultiHeadAttention({ hiddenSize: 64, heads: 4 });
 * const { output, weights } = attention.forward(hidden, { mask });
 */
export class MultiHeadAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear | undefined;
  readonly dropout: Dropout;
  private readonly heads: number;

  constructor(options: AttentionOptions) {
    super();
    checkOptionNames(options, optionNames, 'MultiHeadAttention');
    const { hiddenSize, heads, dropout = 0, deviation = 0.02, project = true } = options;
    if (hiddenSize % heads !== 0) {
      throw new UserError(`attention: a hidden size of ${hiddenSize} cannot be split into ${heads} equal heads`);
    }
    this.heads = heads;
    this.query = new Linear(hiddenSize, hiddenSize, deviation);
    this.key = new Linear(hiddenSize, hiddenSize, deviation);
    this.value = new Linear(hiddenSize, hiddenSize, deviation);
    this.output = project ? new Linear(hiddenSize, hiddenSize, deviation) : undefined;
    this.dropout = new Dropout(dropout);
  }

  /** hidden: [batch, sequence, hiddenSize] -> output [batch, sequence, hiddenSize], weights [batch, heads, sequence, memory] */
  forward(hidden: Tensor, inputs: AttentionInputs = {}): Attended {
    checkOptionNames(inputs, inputNames, 'MultiHeadAttention.forward');
    const { memory = hidden, padding, mask = padding?.mask } = inputs;
    if (padding && inputs.mask) throw new UserError('attention: give a mask or the padding, not both');
    const heads = (x: Tensor) => splitHeads(padding?.pad(x) ?? x, this.heads);
    const query = heads(this.query.forward(hidden)); // [batch, heads, sequence, headDim]
    const key = heads(this.key.forward(memory)); // [batch, heads, memory, headDim]
    const value = heads(this.value.forward(memory)); // [batch, heads, memory, headDim]
    const attended = scaledDotProductAttention(query, key, value, { mask, dropout: this.dropout });
    const joined = joinHeads(attended.output);
    return { output: this.output ? this.output.forward(joined) : joined, weights: attended.weights };
  }
}
