/** @file Pairs without scores: how well each first vector finds its partner among all second ones. */
import { UserError } from '../../platform/errors.js';

/** What {@link pairedRanksMetrics} gives. */
export type PairedRanksMetrics = Readonly<Record<'cosine_accuracy@1' | 'cosine_accuracy@5' | 'cosine_mrr@10', number>>;

/**
 * Ranks, for each pair, its second vector among those of all pairs by the cosine with the first: the fraction of ranks up to 1
 * and up to 5, and the mean of 1 / rank, where a rank above 10 counts as 0. Vectors that are as near share the better rank.
 *
 * @param pairs two vectors each, all of the same length
 * @throws UserError if there are none
 * @example
 * pairedRanksMetrics([[[1, 0], [1, 0.1]], [[0, 1], [0.1, 1]]])['cosine_accuracy@1'] // 1
 */
export function pairedRanksMetrics(pairs: readonly (readonly ArrayLike<number>[])[]): PairedRanksMetrics {
  if (pairs.length === 0) throw new UserError('pairedRanksMetrics: no pairs, so nothing to measure');
  const [first, second] = [0, 1].map((side) => pairs.map((pair) => normalized(pair[side] as ArrayLike<number>)));
  const ranks = (first as Float64Array[]).map((vector, i) => {
    const own = dot(vector, second?.[i] as Float64Array);
    return 1 + (second as Float64Array[]).filter((other) => dot(vector, other) > own).length;
  });
  const upTo = (most: number) => ranks.filter((rank) => rank <= most).length / ranks.length;
  const reciprocal = ranks.reduce((sum, rank) => sum + (rank <= 10 ? 1 / rank : 0), 0);
  return {
    'cosine_accuracy@1': upTo(1),
    'cosine_accuracy@5': upTo(5),
    'cosine_mrr@10': reciprocal / ranks.length,
  };
}

function normalized(vector: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(vector);
  const length = Math.sqrt(dot(copy, copy));
  return length === 0 ? copy : copy.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
