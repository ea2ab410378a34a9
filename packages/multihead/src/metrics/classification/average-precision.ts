/** @file Average precision: the curve of precision and recall in one number. */

import { checkScores } from './check-scores.js';
import { precisionRecallCurve } from './curves.js';
import { averageOverLabels, type LabelAverage } from './label-average.js';

/**
 * Average precision: the precisions at all thresholds, each weighted by the recall that it gains over the threshold before,
 * scikit-learn's `average_precision_score`. 0 where no example is positive.
 *
 * @param isPositive whether each example is of the positive class
 * @param scores     how much the model takes each for positive
 * @throws UserError for lists of different length, empty ones, and scores that are not finite
 * @example
 * averagePrecision([false, false, true, true], [0.1, 0.4, 0.35, 0.8])   // 0.8333333333333333
 */
export function averagePrecision(isPositive: readonly boolean[], scores: readonly number[]): number {
  checkScores('averagePrecision', isPositive, scores);
  if (!isPositive.includes(true)) return 0;
  let before = 0;
  let sum = 0;
  for (const { precision, recall } of precisionRecallCurve(isPositive, scores)) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return sum;
}

/**
 * Average precision of several labels an example: the average of each label's, by default the mean average precision (mAP);
 * scikit-learn's `average_precision_score` of a label indicator matrix.
 *
 * @param applies for each example, whether each label applies: [examples, labels]
 * @param scores  for each example, each label's score: [examples, labels]
 * @throws UserError for lists of different shape, and empty ones
 * @example
 * averagePrecisionMultiLabel([[true, false], [false, true]], [[0.9, 0.6], [0.2, 0.3]])   // 0.75
 */
export function averagePrecisionMultiLabel(
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
  average: LabelAverage = 'macro',
): number {
  return averageOverLabels('averagePrecisionMultiLabel', averagePrecision, applies, scores, average);
}
