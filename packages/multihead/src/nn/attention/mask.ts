/** @file Additive attention masks: 0 where a position may be seen, the lowest float32 where it may not. */

import { concatenate, tensor } from '../../tensor/factories.js';
import { cumulativeSum } from '../../tensor/operators/cumulative-sum.js';
import { narrow } from '../../tensor/operators/narrow.js';
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Hugging Face hides with the lowest finite number, not -inf: a row that sees nothing then averages, and is no NaN. */
const hidden = -3.4028234663852886e38;

/**
 * attentionMask [batch, memory], 1 for tokens and 0 for padding -> [batch, 1, 1, memory].
 *
 * @example
 * const { output } = attention.forward(hidden, { mask: paddingMask(attentionMask) });
 */
export function paddingMask(attentionMask: Tensor): Tensor {
  return attentionMask.equal(0).where(hidden, 0).unsqueeze(1).unsqueeze(1);
}

/**
 * Creates a causal mask, with which no position attends to later ones: [1, 1, sequence, sequence].
 *
 * @param attentionMask where given, [batch, sequence], none sees padding (0) either: [batch, 1, sequence, sequence]
 * @example
 * const mask = causalMask('sequence_length', attentionMask);
 */
export function causalMask(sequence: Dimension, attentionMask?: Tensor): Tensor {
  const positions = range([], { size: sequence });
  const later = positions.unsqueeze(0).greater(positions.unsqueeze(1)).unsqueeze(0).unsqueeze(0);
  const unseen = attentionMask ? later.or(attentionMask.equal(0).unsqueeze(1).unsqueeze(1)) : later;
  return unseen.where(tensor(hidden), 0);
}

/**
 * New positions see the past's visible slots, and each other causally: [batch, 1, new, past + new].
 *
 * @param pastMask [batch, past], 1 where a slot holds a visible token
 * @param newMask  [batch, new], 0 for padding
 * @example
 * const mask = decodingMask(pastMask, newMask);
 */
export function decodingMask(pastMask: Tensor, newMask: Tensor): Tensor {
  const [batch, past] = pastMask.shape as [Dimension, Dimension];
  const length = newMask.shape[1] as Dimension;
  const unseenPast = paddingMask(pastMask).expand([batch, 1, length, past]);
  return concatenate([unseenPast, causalMask(length, newMask)], 3);
}

/** The places of tokens in their text, in order; those of padding mean nothing. */
export interface TokenPlaces {
  /** int64 [1 or batch, sequence] */
  readonly queries: Tensor;
  /** int64 [1 or batch, past + sequence] */
  readonly keys: Tensor;
}

/**
 * Restricts a mask to a sliding window (Mistral, Jiang et al. 2023): no position attends to one that is `window` or more
 * places before it.
 *
 * @param mask   [1 or batch, 1, sequence, past + sequence]
 * @param window number of positions that are attended to, the position itself included
 * @returns the mask, in the same shape
 * @example
 * const places = tensor([[0, 1, 2, 3]], { dtype: 'int64' });
 * const mask = slidingWindowMask(causalMask(4), { queries: places, keys: places }, 2);
 */
export function slidingWindowMask(mask: Tensor, { queries, keys }: TokenPlaces, window: number): Tensor {
  const distance = queries.unsqueeze(-1).sub(keys.unsqueeze(-2)); // [1 or batch, sequence, past + sequence]
  return distance
    .greater(window - 1)
    .unsqueeze(1)
    .where(hidden, mask);
}

/**
 * The places of new tokens and of those in a cache, counted over what is visible: slots of a cache may be empty.
 *
 * @param pastMask int64 [batch, past], 1 where a slot holds a visible token
 * @param newMask  int64 [batch, new], 0 for padding
 */
export function visiblePlaces(pastMask: Tensor, newMask: Tensor): TokenPlaces {
  const [past, length] = [pastMask.shape[1], newMask.shape[1]] as [Dimension, Dimension];
  const keys = cumulativeSum([concatenate([pastMask, newMask], 1)], { axis: 1 });
  return { keys, queries: narrow([keys], { axis: 1, start: past, length }) };
}
