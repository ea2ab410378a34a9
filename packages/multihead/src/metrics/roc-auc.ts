/** @file The area under the ROC curve: how often a positive example scores above a negative one. */
import { UserError } from '../errors.js';
import { ranks } from './ranks.js';

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative example in which the positive has the higher
 * score, ties counted half (Mann and Whitney 1947; Hanley and McNeil 1982). NaN where one of the classes does not occur.
 *
 * @param isPositive whether each example is of the positive class
 * @param scores     how much the model takes each for positive
 * @throws UserError for lists of different length
 * @example
 * rocAuc([false, false, true, true], [0.1, 0.4, 0.35, 0.8])   // 0.75
 */
export function rocAuc(isPositive: readonly boolean[], scores: readonly number[]): number {
  if (isPositive.length !== scores.length) {
    throw new UserError(`rocAuc: ${isPositive.length} classes, but ${scores.length} scores; one each is needed`);
  }
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  const sum = ranks(scores).reduce((total, rank, i) => (isPositive[i] ? total + rank : total), 0);
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The area for several classes: the mean of each class's against all others (one versus rest), scikit-learn's
 * `roc_auc_score(multi_class='ovr')`. NaN where a class does not occur, or is the only one.
 *
 * @param references the class of each example
 * @param scores     a score for each class, in the order of `labels`
 * @param average    whether each class counts the same (`macro`) or by its examples (`weighted`)
 * @example
 * rocAucOneVersusRest(['a', 'b', 'c'], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]], ['a', 'b', 'c'])   // 1
 */
export function rocAucOneVersusRest(
  references: readonly string[],
  scores: readonly (readonly number[])[],
  labels: readonly string[],
  average: 'macro' | 'weighted' = 'macro',
): number {
  const classes = labels.map((label, k) => {
    const isPositive = references.map((reference) => reference === label);
    const area = rocAuc(
      isPositive,
      scores.map((row) => row[k] as number),
    );
    return { area, weight: average === 'macro' ? 1 : isPositive.filter(Boolean).length };
  });
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  return classes.reduce((sum, { area, weight }) => sum + area * weight, 0) / total;
}
