/** @file Scores of predicted probabilities: log loss and Brier score. Both are 0 at best. */
import { UserError } from '../errors.js';

/** Probabilities nearer to 0 than this are taken for this, so that the logarithm stays finite; scikit-learn's for float64. */
const least = 2 ** -52;

/**
 * Log loss, the mean negative logarithm of the probability given to the right class; scikit-learn's `log_loss`. Each example's
 * probabilities are made to sum to 1.
 *
 * @param references    the class of each example
 * @param probabilities a probability for each class, in the order of `labels`
 * @throws UserError for lists of different length, a class that is not among the labels, and no examples
 * @example
 * logLoss(['yes', 'no'], [[0.2, 0.8], [0.9, 0.1]], ['no', 'yes'])   // 0.164252033486018
 */
export function logLoss(
  references: readonly string[],
  probabilities: readonly (readonly number[])[],
  labels: readonly string[],
): number {
  if (references.length !== probabilities.length || references.length === 0) {
    throw new UserError(
      `logLoss: ${references.length} references and ${probabilities.length} rows of probabilities; as many of both, and at least one, are needed`,
    );
  }
  const places = new Map(labels.map((label, k) => [label, k]));
  const losses = references.map((reference, i) => {
    const place = places.get(reference);
    if (place === undefined) throw new UserError(`logLoss: references[${i}] is "${reference}", which is no label`);
    const row = probabilities[i] as readonly number[];
    const clipped = row.map((p) => Math.min(1 - least, Math.max(least, p)));
    return -Math.log((clipped[place] as number) / clipped.reduce((a, b) => a + b, 0));
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

/**
 * The Brier score (Brier 1950): the mean squared difference of the probability of the positive class and what was so (1 or 0);
 * scikit-learn's `brier_score_loss` for two classes.
 *
 * @throws UserError for lists of different length, and no examples
 * @example
 * brierScore([true, false], [0.8, 0.1])   // 0.025
 */
export function brierScore(isPositive: readonly boolean[], probabilities: readonly number[]): number {
  if (isPositive.length !== probabilities.length || isPositive.length === 0) {
    throw new UserError(
      `brierScore: ${isPositive.length} classes and ${probabilities.length} probabilities; as many of both, and at least one, are needed`,
    );
  }
  const squares = probabilities.map((p, i) => (p - Number(isPositive[i])) ** 2);
  return squares.reduce((a, b) => a + b, 0) / squares.length;
}
