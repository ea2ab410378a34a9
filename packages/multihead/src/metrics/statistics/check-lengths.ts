/** @file The check that references and predictions belong together. */
import { UserError } from '../../platform/errors.js';

/**
 * Refuses references and predictions that cannot be compared one by one.
 *
 * @param metric the function's name, for the error
 * @throws UserError if there are none, or not as many of one as of the other
 */
export function checkLengths(metric: string, references: readonly unknown[], predictions: readonly unknown[]): void {
  if (references.length !== predictions.length) {
    throw new UserError(
      `${metric}: ${references.length} references but ${predictions.length} predictions; they must correspond one by one`,
    );
  }
  if (references.length === 0) throw new UserError(`${metric}: no references, so nothing to measure`);
}
