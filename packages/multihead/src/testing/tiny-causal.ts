/**
 * @file A small causal language model that tests of generation run on: GPT's layers without biases, in the least code.
 * Not part of the package.
 */

import { Weights } from '../models/core/weights.js';
import { causalMask } from '../nn/attention/mask.js';
import { Embedding } from '../nn/layers/embedding.js';
import { LayerNorm } from '../nn/layers/layer-norm.js';
import { Module, Parameter } from '../nn/module.js';
import { input, tensor } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';

/** Sizes of the model. */
export interface TinyCausalSizes {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly maxPositionEmbeddings: number;
  readonly eosTokenId?: number;
}

/** What one layer attends to beside its own input: keys and values that were computed before. */
interface Past {
  readonly key: Tensor;
  readonly value: Tensor;
  /** [batch, 1, 1, past_capacity]: 0 or the lowest number */
  readonly mask: Tensor;
}

class TinyLayer extends Module {
  readonly first: LayerNorm;
  readonly second: LayerNorm;
  readonly attention: Parameter;
  readonly projection: Parameter;
  readonly up: Parameter;
  readonly down: Parameter;

  constructor(
    private readonly size: number,
    private readonly heads: number,
  ) {
    super();
    const normal = { normal: 0.15 };
    this.first = new LayerNorm(size, 1e-5);
    this.second = new LayerNorm(size, 1e-5);
    this.attention = new Parameter([size, 3 * size], normal);
    this.projection = new Parameter([size, size], normal);
    this.up = new Parameter([size, 4 * size], normal);
    this.down = new Parameter([4 * size, size], normal);
  }

  /** hidden: [batch, new, size]; mask: [batch, 1, new, new] */
  forward(hidden: Tensor, mask: Tensor, past?: Past): { hidden: Tensor; key: Tensor; value: Tensor } {
    const [batch, length] = hidden.shape as [number, number];
    const scale = 1 / Math.sqrt(this.size / this.heads);
    const split = (x: Tensor) => x.reshape([batch, length, this.heads, this.size / this.heads]).permute([0, 2, 1, 3]);
    const all = this.first.forward(hidden).matmul(this.attention); // [batch, new, 3 * size]
    const [query, key, value] = [0, 1, 2].map((i) => split(all.slice(2, i * this.size, (i + 1) * this.size))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const scores = query.matmul(key.transpose(-2, -1), { alpha: scale }).add(mask);
    let attended: Tensor;
    if (past) {
      const before = query.matmul(past.key.transpose(-2, -1), { alpha: scale }).add(past.mask);
      const top = before.max(-1, { keepDims: true }).maximum(scores.max(-1, { keepDims: true }));
      const [old, recent] = [before.sub(top).exp(), scores.sub(top).exp()];
      const total = old.sum(-1, { keepDims: true }).add(recent.sum(-1, { keepDims: true }));
      attended = old.matmul(past.value).add(recent.matmul(value)).div(total);
    } else {
      attended = scores.softmax(-1).matmul(value);
    }
    const joined = attended.permute([0, 2, 1, 3]).reshape([batch, length, this.size]);
    const middle = hidden.add(joined.matmul(this.projection));
    const out = middle.add(this.second.forward(middle).matmul(this.up).gelu('tanh').matmul(this.down));
    return { hidden: out, key, value };
  }
}

const hiddenValue = -3.4028234663852886e38;

/** The model. Its graphs have the inputs and outputs of the real ones. */
export class TinyCausal extends Module {
  readonly tokens: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly TinyLayer[];
  readonly norm: LayerNorm;
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly maxPositionEmbeddings: number;
  readonly weights: Weights;
  readonly config: { vocabSize: number; bosTokenId: null; eosTokenId: number | null };

  constructor(sizes: TinyCausalSizes, seed = 1) {
    super();
    const { vocabSize, hiddenSize, layers, heads, maxPositionEmbeddings, eosTokenId = null } = sizes;
    this.config = { vocabSize, bosTokenId: null, eosTokenId };
    this.tokens = new Embedding(vocabSize, hiddenSize, { deviation: 0.3 });
    this.positions = new Embedding(maxPositionEmbeddings, hiddenSize, { deviation: 0.3 });
    this.blocks = Array.from({ length: layers }, () => new TinyLayer(hiddenSize, heads));
    this.norm = new LayerNorm(hiddenSize, 1e-5);
    this.layers = layers;
    this.kvHeads = heads;
    this.headDim = hiddenSize / heads;
    this.maxPositionEmbeddings = maxPositionEmbeddings;
    this.weights = new Weights(this);
    for (const name of this.weights.parameters.keys()) this.weights.initialize(name, seed);
  }

  /** The graph of incremental decoding, as `CausalLanguageModel.decodingOutputs`. */
  decodingOutputs(): Record<string, Tensor> {
    const tokens = (name: string, length: string) => input(name, 'int64', ['batch_size', length]);
    const ids = tokens('input_ids', 'new_length');
    const hide = (mask: Tensor) => mask.equal(0).where(hiddenValue, 0).unsqueeze(1).unsqueeze(1);
    const pastMask = hide(tokens('past_mask', 'past_capacity'));
    const mask = causalMask('new_length').minimum(hide(tokens('new_mask', 'new_length')));
    let hidden = this.tokens.forward(ids).add(this.positions.forward(tokens('position_ids', 'new_length')));
    const outputs: Record<string, Tensor> = {};
    for (const [i, block] of this.blocks.entries()) {
      const shape = ['batch_size', this.kvHeads, 'past_capacity', this.headDim];
      const past = (part: string) => input(`past_key_values.${i}.${part}`, 'float32', shape);
      const result = block.forward(hidden, mask, { key: past('key'), value: past('value'), mask: pastMask });
      hidden = result.hidden;
      outputs[`present.${i}.key`] = result.key;
      outputs[`present.${i}.value`] = result.value;
    }
    const last = hidden.permute([1, 0, 2]).gather(tensor(-1, { dtype: 'int64' })); // [batch, size]
    return { logits: this.norm.forward(last).matmul(this.tokens.weight.transpose(0, 1)), ...outputs };
  }

  /** logits [batch, sequence, vocab] of whole sequences without padding: the graph without a cache. */
  wholeOutputs(): Record<string, Tensor> {
    const ids = input('input_ids', 'int64', ['batch_size', 'sequence_length']);
    const positions = input('position_ids', 'int64', ['batch_size', 'sequence_length']);
    let hidden = this.tokens.forward(ids).add(this.positions.forward(positions));
    for (const block of this.blocks) hidden = block.forward(hidden, causalMask('sequence_length')).hidden;
    return { logits: this.norm.forward(hidden).matmul(this.tokens.weight.transpose(0, 1)) };
  }

  /** Ends the engine. */
  dispose(): Promise<void> {
    return this.weights.dispose();
  }
}
