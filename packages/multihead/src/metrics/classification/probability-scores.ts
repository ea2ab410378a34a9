/** @file Scores of predicted probabilities: log loss and Brier score. Both are 0 at best. */
import { UserError } from '../../platform/errors.js';
import { pairwiseMean, pairwiseSum } from '../statistics/pairwise-sum.js';
import { labelIndex } from './label-index.js';

/** Probabilities nearer to 0 than this are taken for this, so that the logarithm stays finite; scikit-learn's for float64. */
const least = 2 ** -52;

/**
 * Log loss, the mean negative logarithm of the probability given to the right class; scikit-learn's `log_loss`. Rows are
 * taken as they are: they should sum to 1.
 *
 * @param references    the class of each example
 * @param probabilities a probability for each class, in the order of `labels`: [examples, labels]
 * @throws UserError for lists of different shape, empty ones, a class that is not among the labels, and what is not from 0 to 1
 * @example
 * logLoss(['yes', 'no'], [[0.2, 0.8], [0.9, 0.1]], ['no', 'yes'])   // 0.164252033486018
 */
export function logLoss(
  references: readonly string[],
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
): number {
  const places = rightPlaces('logLoss', references, probabilities, labels);
  const losses = places.map((place, i) => {
    const p = (probabilities[i] as readonly number[])[place] as number;
    return -Math.log(Math.min(1 - least, Math.max(least, p)));
  });
  return pairwiseMean(losses);
}

/**
 * The Brier score (Brier 1950): the mean squared difference of the probability of the positive class and what was so (1 or 0);
 * scikit-learn's `brier_score_loss` for two classes.
 *
 * @throws UserError for lists of different length, empty ones, and what is not from 0 to 1
 * @example
 * brierScore([true, false], [0.8, 0.1])   // 0.025
 */
export function brierScore(isPositive: readonly boolean[], probabilities: readonly number[]): number {
  checkCounts('brierScore', isPositive.length, probabilities.length);
  for (const [i, p] of probabilities.entries()) checkProbability(`brierScore: probabilities[${i}]`, p);
  return pairwiseMean(probabilities.map((p, i) => (p - Number(isPositive[i])) ** 2));
}

/**
 * The Brier score for several classes: the squared differences summed over the classes, halved where there are two, so that
 * it equals {@link brierScore}; scikit-learn's `brier_score_loss(labels=labels)`.
 *
 * @param references    the class of each example
 * @param probabilities a probability for each class, in the order of `labels`: [examples, labels]
 * @throws UserError as {@link logLoss}
 * @example
 * brierScoreMultiClass(['a', 'c'], [[0.8, 0.1, 0.1], [0.2, 0.2, 0.6]], ['a', 'b', 'c'])   // 0.15
 */
export function brierScoreMultiClass(
  references: readonly string[],
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
): number {
  const places = rightPlaces('brierScoreMultiClass', references, probabilities, labels);
  const squares = probabilities.map((row, i) => pairwiseSum(row.map((p, k) => (p - Number(k === places[i])) ** 2)));
  return pairwiseMean(squares) / (labels.length < 3 ? 2 : 1);
}

/** The place of each example's right class; what does not fit together is refused. */
function rightPlaces(
  metric: string,
  references: readonly string[],
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
): number[] {
  checkCounts(metric, references.length, probabilities.length);
  const indexOf = labelIndex(metric, labels);
  for (const [i, row] of probabilities.entries()) {
    if (row.length !== labels.length) {
      throw new UserError(
        `${metric}: probabilities[${i}] has ${row.length} entries, but there are ${labels.length} labels`,
      );
    }
    for (const [k, p] of row.entries()) checkProbability(`${metric}: probabilities[${i}][${k}]`, p);
  }
  return references.map((reference, i) => indexOf(reference, 'references', i));
}

function checkCounts(metric: string, references: number, probabilities: number): void {
  if (references === probabilities && references > 0) return;
  throw new UserError(
    `${metric}: ${references} examples and ${probabilities} predictions; as many of both, and at least one, are needed`,
  );
}

function checkProbability(place: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new UserError(`${place} is ${p}; 0 to 1 was expected`);
}
