/** @file Accuracy: the fraction of predictions that are right. */
import { checkLengths } from '../statistics/check-lengths.js';

/**
 * Computes accuracy: the fraction of predictions that equal their references, from 0 to 1.
 *
 * @throws UserError if there are none, or not as many of one as of the other
 * @example
 * accuracy(['yes', 'no', 'no'], ['yes', 'yes', 'no'])   // 0.6666666666666666
 */
export function accuracy<T extends string | number>(references: readonly T[], predictions: readonly T[]): number {
  checkLengths('accuracy', references, predictions);
  return references.filter((reference, index) => reference === predictions[index]).length / references.length;
}
