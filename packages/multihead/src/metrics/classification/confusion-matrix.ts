/** @file The confusion matrix: what was predicted for what. */

import { checkLengths } from '../statistics/check-lengths.js';
import { labelIndex } from './label-index.js';

/**
 * Counts predictions by reference: `matrix[i][j]` examples of class i were predicted to be of class j.
 *
 * @param references  the right class of each example
 * @param predictions the predicted class of each example
 * @param labels      names of all classes, in the order of the rows and columns
 * @throws UserError if the numbers of references and predictions differ or are 0, and for a class not among the labels
 * @example
 * confusionMatrix(['no', 'yes', 'yes'], ['no', 'no', 'yes'], ['no', 'yes'])   // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  references: readonly string[],
  predictions: readonly string[],
  labels: readonly string[],
): number[][] {
  checkLengths('confusionMatrix', references, predictions);
  const indexOf = labelIndex('confusionMatrix', labels);
  const matrix = labels.map(() => labels.map(() => 0));
  for (const [at, reference] of references.entries()) {
    const row = matrix[indexOf(reference, 'references', at)] ?? [];
    const column = indexOf(predictions[at] ?? '', 'predictions', at);
    row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}
