/**
 * @file Attention in which several query heads share one head of keys and values (Ainslie et al. 2023), with or without
 * keys and values that were computed before.
 */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { concatenate } from '../../tensor/factories.js';
import { narrow } from '../../tensor/operators/narrow.js';
import { type Dimension, product } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Dropout } from '../layers/dropout.js';
import type { Attended } from './attention.js';

/** Keys and values, each [batch, kvHeads, length, headDim]. */
export interface KeyValue {
  readonly key: Tensor;
  readonly value: Tensor;
}

/** Options of grouped-query attention. */
export interface GroupedQueryOptions {
  /** Added to the scores, broadcast to [batch, heads, sequence, past + length]. */
  readonly mask?: Tensor | undefined;
  /** Drops attention weights in training. */
  readonly dropout?: Dropout | undefined;
  /** What scores are multiplied by. Default: 1 / sqrt(headDim). */
  readonly scale?: number | undefined;
  /** Keys and values of earlier positions, which stand before the others. For inference: there is no gradient through them. */
  readonly past?: KeyValue | undefined;
}

const optionNames = namesOf<GroupedQueryOptions>({ mask: true, dropout: true, scale: true, past: true });

/**
 * softmax(Q K^T scale + mask) V, where query heads h = g kvHeads + ... read key-value head floor(h / groups), and groups is
 * heads / kvHeads.
 *
 * The queries of a group are laid one after the other as rows of one product: no key or value is repeated in memory. Past
 * keys and values are not put together with new ones, which would copy them: the products are taken apart, and only the
 * scores, which are small, are laid side by side.
 *
 * @param query [batch, heads, sequence, headDim]
 * @param keyValue of the length `length`
 * @returns output [batch, heads, sequence, headDim], weights [batch, heads, sequence, past + length]
 * @throws UserError where kvHeads does not divide heads
 * @example
 * const { output } = groupedQueryAttention(query, { key, value }, { mask: causalMask('sequence_length') });
 */
export function groupedQueryAttention(
  query: Tensor,
  { key, value }: KeyValue,
  options: GroupedQueryOptions = {},
): Attended {
  checkOptionNames(options, optionNames, 'groupedQueryAttention');
  const { mask, dropout, scale, past } = options;
  const [batch, heads, sequence, headDim] = query.shape as [Dimension, number, Dimension, number];
  const kvHeads = key.shape[1] as number;
  const groups = heads / kvHeads;
  if (!Number.isInteger(groups)) {
    throw new UserError(`attention: ${heads} query heads cannot be shared out among ${kvHeads} key-value heads`);
  }
  const rows = product([groups, sequence]);
  // Heads of one group are neighbours, so both are plain reshapes: [batch, heads, sequence, n] and [batch, kvHeads, rows, n].
  const fold = (x: Tensor) => (groups === 1 ? x : x.reshape([batch, kvHeads, rows, x.shape[3] as Dimension]));
  const unfold = (x: Tensor) => (groups === 1 ? x : x.reshape([batch, heads, sequence, x.shape[3] as Dimension]));

  const queries = fold(query);
  const scoresOf = (keys: Tensor) => queries.matmul(keys.transpose(-2, -1), { alpha: scale ?? 1 / Math.sqrt(headDim) }); // [batch, kvHeads, rows, length]
  const scores = unfold(past ? concatenate([scoresOf(past.key), scoresOf(key)], 3) : scoresOf(key));
  const weights = (mask ? scores.add(mask) : scores).softmax(-1);
  const kept = fold(dropout ? dropout.forward(weights) : weights);
  if (!past) return { output: unfold(kept.matmul(value)), weights };
  const [pastLength, length] = [past.key.shape[2], key.shape[2]] as [Dimension, Dimension];
  const ofPast = narrow([kept], { axis: 3, start: 0, length: pastLength }).matmul(past.value);
  const ofNew = narrow([kept], { axis: 3, start: pastLength, length }).matmul(value);
  return { output: unfold(ofPast.add(ofNew)), weights };
}
