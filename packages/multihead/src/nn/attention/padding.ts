/**
 * @file The padding of a batch: hidden from attention, and in training left out of all that is computed position by position.
 *
 * Batches of texts of like lengths have little padding; batches of pairs have much, since the two texts of a pair differ in length. In
 * inference nothing is skipped: batches are sorted by length.
 */
import { padRows, tokenPositions, tokenRows, unpadRows } from '../../tensor/operators/unpadding.js';
import type { Tensor } from '../../tensor/tensor.js';
import { nextTokenDimension } from '../training-mode.js';
import { paddingMask } from './mask.js';

/**
 * Where a batch has padding.
 *
 * @example
 * const padding = new Padding(attentionMask, { skip: true });
 * const rows = padding.unpad(hidden); // in training [tokens, size], otherwise still [batch, sequence, size]
 */
export class Padding {
  /** Added to attention scores, [batch, 1, 1, sequence]. */
  readonly mask: Tensor;
  private readonly places: readonly [positions: Tensor, rows: Tensor] | undefined;

  /**
   * @param attentionMask int64 [batch, sequence], 1 for tokens and 0 for padding
   * @param options `skip`: whether padding is skipped in training, because nothing reads its hidden states
   */
  constructor(attentionMask: Tensor, { skip }: { readonly skip: boolean }) {
    this.mask = paddingMask(attentionMask);
    const tokens = skip ? nextTokenDimension() : undefined;
    if (tokens === undefined) return;
    const positions = tokenPositions([attentionMask], { tokens });
    this.places = [positions, tokenRows([attentionMask, positions], {})];
  }

  /** The rows that are computed, [tokens, size], of all positions, [batch, sequence, size]; all of these where none is skipped. */
  unpad(x: Tensor): Tensor {
    return this.places ? unpadRows([x, ...this.places], {}) : x;
  }

  /**
   * All positions, [batch, sequence, size], of the rows that are computed: zeros where padding is skipped. What has three axes
   * already is given back as it is.
   */
  pad(x: Tensor): Tensor {
    return this.places && x.shape.length === 2 ? padRows([x, ...this.places], {}) : x;
  }
}
