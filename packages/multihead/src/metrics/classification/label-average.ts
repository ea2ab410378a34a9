/** @file One number for several labels: a score of one label averaged over all of them, as scikit-learn does it. */

import { pairwiseMean, pairwiseSum } from '../statistics/pairwise-sum.js';
import { checkLabelMatrix, column } from './label-matrix.js';

/**
 * How a score is averaged over labels: `macro`, each label alike; `weighted`, each by the examples that it applies to;
 * `micro`, one score of all decisions together; `samples`, the mean of each example's score over its labels.
 */
export type LabelAverage = 'macro' | 'weighted' | 'micro' | 'samples';

/** A score of a single label. */
type BinaryScore = (isPositive: readonly boolean[], scores: readonly number[]) => number;

/**
 * A score averaged over labels. What does not count (a label without an example, `weighted`) may be NaN; another NaN makes
 * the average NaN. 0 where no label applies to any example, `weighted`.
 *
 * @param metric  the function's name, for errors
 * @param applies for each example, whether each label applies: [examples, labels]
 * @param scores  for each example, each label's score: [examples, labels]
 * @throws UserError for lists of different shape, and for no examples or no labels
 */
export function averageOverLabels(
  metric: string,
  score: BinaryScore,
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
  average: LabelAverage,
): number {
  checkLabelMatrix(metric, applies, scores);
  if (average === 'micro') return score(applies.flat(), scores.flat());
  if (average === 'samples') return pairwiseMean(applies.map((row, i) => score(row, scores[i] as readonly number[])));
  const labels = (applies[0] as readonly boolean[]).map((_, k) => column(applies, k));
  const weights = labels.map((isPositive) => (average === 'macro' ? 1 : isPositive.filter(Boolean).length));
  const weighted = labels.map((isPositive, k) => {
    const weight = weights[k] as number;
    return weight === 0 ? 0 : weight * score(isPositive, column(scores, k));
  });
  const total = pairwiseSum(weights);
  return total === 0 ? 0 : pairwiseSum(weighted) / total;
}
