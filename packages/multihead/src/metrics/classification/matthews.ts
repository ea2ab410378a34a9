/** @file Matthews' correlation coefficient: one number for a confusion matrix, 0 for guessing, however unequal the classes. */
import { checkLengths } from '../statistics/check-lengths.js';

/**
 * Matthews' correlation coefficient (Matthews 1975), for any number of classes (Gorodkin 2004): with c right predictions of
 * s, t_k examples of class k and p_k predictions of it,
 *
 *   (c s - sum t_k p_k) / sqrt((s^2 - sum p_k^2) (s^2 - sum t_k^2))
 *
 * from -1 to 1; 0 where all references or all predictions are of one class, as scikit-learn's `matthews_corrcoef` has it.
 *
 * @throws UserError for lists of different length, or empty ones
 * @example
 * matthewsCorrelation(['no', 'yes', 'yes', 'no'], ['no', 'yes', 'no', 'no'])   // 0.5773502691896258
 */
export function matthewsCorrelation(references: readonly string[], predictions: readonly string[]): number {
  checkLengths('matthewsCorrelation', references, predictions);
  const [truths, guesses] = [countsOf(references), countsOf(predictions)];
  const right = references.filter((reference, i) => reference === predictions[i]).length;
  const all = references.length;
  let together = 0;
  for (const [name, count] of truths) together += count * (guesses.get(name) ?? 0);
  const squares = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n * n, 0);
  const spread = (all * all - squares(guesses)) * (all * all - squares(truths));
  return spread === 0 ? 0 : (right * all - together) / Math.sqrt(spread);
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
