/** @file The check that examples have scores with which something can be measured. */
import { UserError } from '../../platform/errors.js';

/**
 * Refuses scores that do not belong to the examples one by one, and scores that are no finite numbers: they have no order.
 *
 * @param metric  the function's name, for the error
 * @param classes what the examples are
 * @param scores  one each
 * @throws UserError if there are none, or not as many of one as of the other, and for NaN and infinities
 */
export function checkScores(metric: string, classes: readonly unknown[], scores: readonly number[]): void {
  if (classes.length !== scores.length) {
    throw new UserError(`${metric}: ${classes.length} classes, but ${scores.length} scores; one each is needed`);
  }
  if (classes.length === 0) throw new UserError(`${metric}: no examples, so nothing to measure`);
  const at = scores.findIndex((score) => !Number.isFinite(score));
  if (at >= 0) throw new UserError(`${metric}: scores[${at}] is ${scores[at]}; a finite number was expected`);
}
