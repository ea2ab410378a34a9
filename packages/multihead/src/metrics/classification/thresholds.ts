/** @file Thresholds for problems with several labels: above which score a label is taken to apply. */

import { checkScores } from './check-scores.js';
import { cumulativeCounts } from './curves.js';
import { checkLabelMatrix, column } from './label-matrix.js';

/** A label's tuned threshold, and its score on the examples that it was tuned on. */
export interface TunedThreshold {
  /** The label applies where the score is at least this. */
  readonly threshold: number;
  readonly f1: number;
}

/** What holds where there is nothing to tune on. */
const usual = 0.5;

/**
 * For each label the threshold with the highest F1. Of equals the one nearest to 0.5; it lies in the middle between the two
 * scores that it parts, so that it does not hang on one example's last digit. A label without a positive example keeps 0.5.
 *
 * @param applies for each example, whether each label applies: [examples, labels]
 * @param scores  for each example, each label's score, 0 to 1: [examples, labels]
 * @throws UserError for lists of different shape, empty ones, and scores that are not finite
 * @example
 * tuneThresholds([[true], [false], [true]], [[0.4], [0.2], [0.3]])   // [{ threshold: 0.25, f1: 1 }]
 */
export function tuneThresholds(
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
): TunedThreshold[] {
  checkLabelMatrix('tuneThresholds', applies, scores);
  return (applies[0] as readonly boolean[]).map((_, label) => tune(column(applies, label), column(scores, label)));
}

function tune(isPositive: readonly boolean[], scores: readonly number[]): TunedThreshold {
  checkScores('tuneThresholds', isPositive, scores);
  const positives = isPositive.filter(Boolean).length;
  let best: TunedThreshold = { threshold: usual, f1: 0 };
  if (positives === 0) return best;
  const counts = cumulativeCounts(isPositive, scores);
  for (const [i, { right, wrong, threshold: score }] of counts.entries()) {
    const f1 = (2 * right) / (right + wrong + positives);
    const threshold = between(score, counts[i + 1]?.threshold ?? 0);
    const isNearer = Math.abs(threshold - usual) < Math.abs(best.threshold - usual);
    if (f1 > best.f1 || (f1 === best.f1 && isNearer)) best = { threshold, f1 };
  }
  return best;
}

/** The middle; the upper one where no number lies between. */
function between(upper: number, lower: number): number {
  const middle = (upper + lower) / 2;
  return middle > lower ? middle : upper;
}
