/** @file Thresholds for problems with several labels: above which score a label is taken to apply. */
import { precisionRecallCurve } from './curves.js';

/** A label's threshold, and what it comes to on the examples that it was tuned on. */
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
 * @param applies for each example, whether each label applies
 * @param scores  for each example, each label's score, 0 to 1
 * @example
 * tuneThresholds([[true], [false], [true]], [[0.4], [0.2], [0.3]])   // [{ threshold: 0.25, f1: 1 }]
 */
export function tuneThresholds(
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
): TunedThreshold[] {
  return (applies[0] ?? []).map((_, label) => {
    const isPositive = applies.map((row) => row[label] as boolean);
    if (!isPositive.includes(true)) return { threshold: usual, f1: 0 };
    const points = precisionRecallCurve(
      isPositive,
      scores.map((row) => row[label] as number),
    );
    let best: TunedThreshold = { threshold: usual, f1: -1 };
    for (const [i, { precision, recall, threshold: score }] of points.entries()) {
      const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      const threshold = (score + (points[i + 1]?.threshold ?? 0)) / 2;
      const isNearer = Math.abs(threshold - usual) < Math.abs(best.threshold - usual);
      if (f1 > best.f1 || (f1 === best.f1 && isNearer)) best = { threshold, f1 };
    }
    return best;
  });
}
