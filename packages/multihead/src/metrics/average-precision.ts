/** @file Average precision: the curve of precision and recall in one number. */
import { precisionRecallCurve } from './curves.js';

/**
 * Average precision: the precisions at all thresholds, each weighted by the recall that it gains over the threshold before,
 * scikit-learn's `average_precision_score`. 0 where no example is positive.
 *
 * @param isPositive whether each example is of the positive class
 * @param scores     how much the model takes each for positive
 * @throws UserError for lists of different length
 * @example
 * averagePrecision([false, false, true, true], [0.1, 0.4, 0.35, 0.8])   // 0.8333333333333333
 */
export function averagePrecision(isPositive: readonly boolean[], scores: readonly number[]): number {
  if (!isPositive.includes(true) && isPositive.length === scores.length) return 0;
  let before = 0;
  let sum = 0;
  for (const { precision, recall } of precisionRecallCurve(isPositive, scores)) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return sum;
}
