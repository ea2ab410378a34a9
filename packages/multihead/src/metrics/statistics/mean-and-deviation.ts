/** @file What several runs come to: the mean of a score and how far it is scattered. */
import { UserError } from '../../platform/errors.js';
import { pairwiseMean, pairwiseSum } from './pairwise-sum.js';

/** A score over several runs. */
export interface MeanAndDeviation {
  readonly mean: number;
  /** Of a sample: sqrt(sum((x - mean)^2) / (n - 1)). 0 for a single value. */
  readonly deviation: number;
}

/**
 * The mean and the standard deviation of a sample, of one score over several seeds: NumPy's `mean` and `std(ddof=1)`.
 *
 * @throws UserError without values
 * @example
 * meanAndDeviation([0.91, 0.92, 0.93])   // { mean: 0.92, deviation: 0.01 }
 */
export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  if (values.length === 0) throw new UserError('meanAndDeviation: no values, so nothing to average');
  const mean = pairwiseMean(values);
  const squares = pairwiseSum(values.map((value) => (value - mean) ** 2));
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
