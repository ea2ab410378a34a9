/** @file The area under the ROC curve: how often a positive example scores above a negative one. */

import { ranks } from '../statistics/ranks.js';
import { checkScores } from './check-scores.js';
import { averageOverLabels, type LabelAverage } from './label-average.js';
import { labelIndex } from './label-index.js';

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative example in which the positive has the higher
 * score, ties counted half (Mann and Whitney 1947; Hanley and McNeil 1982). NaN where one of the classes does not occur.
 * scikit-learn's `roc_auc_score`.
 *
 * @param isPositive whether each example is of the positive class
 * @param scores     how much the model takes each for positive
 * @throws UserError for lists of different length, empty ones, and scores that are not finite
 * @example
 * rocAuc([false, false, true, true], [0.1, 0.4, 0.35, 0.8])   // 0.75
 */
export function rocAuc(isPositive: readonly boolean[], scores: readonly number[]): number {
  checkScores('rocAuc', isPositive, scores);
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  const sum = ranks(scores).reduce((total, rank, i) => (isPositive[i] ? total + rank : total), 0);
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The area for several classes: the mean of each class's against all others (one versus rest), scikit-learn's
 * `roc_auc_score(multi_class='ovr', labels=labels)`. NaN where a class that counts does not occur, or is the only one; a
 * class that does not occur counts in `macro`, not in `weighted`.
 *
 * @param references the class of each example
 * @param scores     a score for each class, in the order of `labels`: [examples, labels]
 * @param average    whether each class counts the same (`macro`) or by its examples (`weighted`)
 * @throws UserError for lists of different shape, empty ones, and a class that is not among the labels
 * @example
 * rocAucOneVersusRest(['a', 'b', 'c'], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], ['a', 'b', 'c'])   // 1
 */
export function rocAucOneVersusRest(
  references: readonly string[],
  scores: readonly (readonly number[])[],
  labels: readonly string[],
  average: 'macro' | 'weighted' = 'macro',
): number {
  const indexOf = labelIndex('rocAucOneVersusRest', labels);
  const applies = references.map((reference, i) => {
    const place = indexOf(reference, 'references', i);
    return labels.map((_, k) => k === place);
  });
  return averageOverLabels('rocAucOneVersusRest', rocAuc, applies, scores, average);
}

/**
 * The area for several labels an example: the average of each label's; scikit-learn's `roc_auc_score` of a label indicator
 * matrix. NaN where a label that counts (`samples`: an example) has only one class.
 *
 * @param applies for each example, whether each label applies: [examples, labels]
 * @param scores  for each example, each label's score: [examples, labels]
 * @throws UserError for lists of different shape, and empty ones
 * @example
 * rocAucMultiLabel([[true, false], [false, true]], [[0.9, 0.6], [0.2, 0.3]])   // 0.5
 */
export function rocAucMultiLabel(
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
  average: LabelAverage = 'macro',
): number {
  return averageOverLabels('rocAucMultiLabel', rocAuc, applies, scores, average);
}
