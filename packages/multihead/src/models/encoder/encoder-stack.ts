/** @file A stack of encoder layers, whose last one may be computed at some positions only. */
import type { Padding } from '../../nn/attention/padding.js';
import { Module } from '../../nn/module.js';
import { product } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** A layer of an encoder: attention between positions, and what follows it at each position by itself. */
export interface EncoderLayer {
  /**
   * Attention of the positions in `reading` to those in `hidden`. Where padding is skipped, `hidden` is [tokens, hiddenSize], and `reading`
   * is that or [batch, length, hiddenSize]; otherwise both have three axes. `padding.pad` gives three axes to both: projections that
   * are applied before it run over tokens alone.
   *
   * @returns the heads' outputs side by side, [batch, reading, hiddenSize], and the attention weights [batch, heads, reading, hidden]
   */
  attend(hidden: Tensor, padding: Padding, reading: Tensor): { readonly output: Tensor; readonly weights: Tensor };
  /**
   * The rest of the layer, position by position: `context` out of {@link attend}, and the layer's input there, both [..., hiddenSize]
   * with one or two axes before.
   */
  complete(context: Tensor, input: Tensor): Tensor;
}

/** The hidden states of all layers. Where padding is skipped, states of padding are zeros, and its attention weights mean nothing. */
export interface EncoderStates {
  /** The embeddings' output and each layer's: [batch, sequence, hiddenSize]. */
  readonly hiddenStates: readonly Tensor[];
  /** Each layer's attention weights: [batch, heads, sequence, sequence]. */
  readonly attentions: readonly Tensor[];
}

/** A pass through all layers. */
export interface EncoderPass extends EncoderStates {
  /** The hidden states as the layers compute them: [tokens, hiddenSize] where the padding is skipped. */
  readonly computed: readonly Tensor[];
  readonly padding: Padding;
}

/** Rows of [batch, sequence, size] by their numbers in [batch * sequence, size]. */
export const rowsAt = (x: Tensor, positions: Tensor): Tensor =>
  x.reshape([product(x.shape.slice(0, -1)), x.shape.at(-1) as number]).gather(positions);

/**
 * Layers, one after the other. Subclasses hold them under the name that the family's checkpoints have.
 *
 * @example
 * class Stack extends EncoderStack {
 *   readonly layer: readonly (Module & EncoderLayer)[] = [];
 *   protected get layers(): readonly EncoderLayer[] {
 *     return this.layer;
 *   }
 * }
 */
export abstract class EncoderStack extends Module {
  /** The layers, the first one first. */
  protected abstract get layers(): readonly EncoderLayer[];

  /**
   * All layers, at all positions that are not skipped.
   *
   * @param embedded [batch, sequence, hiddenSize]
   * @param padding  of the batch
   */
  forward(embedded: Tensor, padding: Padding): EncoderPass {
    const computed = [padding.unpad(embedded)];
    const attentions: Tensor[] = [];
    for (const layer of this.layers) {
      const hidden = computed.at(-1) as Tensor;
      const { output, weights } = layer.attend(hidden, padding, hidden);
      computed.push(layer.complete(padding.unpad(output), hidden));
      attentions.push(weights);
    }
    return { hiddenStates: computed.map((hidden) => padding.pad(hidden)), attentions, computed, padding };
  }

  /**
   * The last layer at some positions alone, [positions, hiddenSize]: all positions attend; the rest of the layer, three
   * quarters of its cost, runs only at `positions`.
   *
   * @param pass      of `forward`
   * @param positions int64 [positions], each batch * sequenceLength + place; none is padding
   */
  at(pass: EncoderPass, positions: Tensor): Tensor {
    return this.lastLayer(pass)((x) => rowsAt(x, positions));
  }

  /** As `at`, and the first position too, [batch, 1, hiddenSize]; attention is computed once for both. */
  atAndFirst(pass: EncoderPass, positions: Tensor): { at: Tensor; first: Tensor } {
    const lastLayer = this.lastLayer(pass);
    return { at: lastLayer((x) => rowsAt(x, positions)), first: lastLayer((x) => x.slice(1, 0, 1)) };
  }

  /**
   * The last layer at the first position alone, which is a token: [batch, 1, hiddenSize]. Keys and values are those of all positions, but a
   * classifier that reads only [CLS] needs no other outputs: a training step of one with six layers takes a seventh less.
   */
  first({ computed, hiddenStates, padding }: EncoderPass): Tensor {
    const first = (hiddenStates.at(-2) as Tensor).slice(1, 0, 1);
    const layer = this.layers.at(-1) as EncoderLayer;
    return layer.complete(layer.attend(computed.at(-2) as Tensor, padding, first).output, first);
  }

  /** The last layer, as a function of which rows of [batch, sequence, hiddenSize] are computed behind its attention. */
  private lastLayer({ computed, padding }: EncoderPass): (choose: (x: Tensor) => Tensor) => Tensor {
    const layer = this.layers.at(-1) as EncoderLayer;
    const hidden = computed.at(-2) as Tensor;
    const context = layer.attend(hidden, padding, hidden).output;
    return (choose) => layer.complete(choose(context), choose(padding.pad(hidden)));
  }
}
