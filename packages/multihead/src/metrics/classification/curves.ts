/** @file What a threshold on a score does, at every threshold: the ROC curve, and the curve of precision and recall. */
import { UserError } from '../../platform/errors.js';
import { checkScores } from './check-scores.js';

/** A point of a ROC curve. */
export interface RocPoint {
  /** Share of the negatives that are taken for positive. */
  readonly falsePositiveRate: number;
  /** Share of the positives that are found. */
  readonly truePositiveRate: number;
  /** What scores at least this is taken for positive; Infinity where nothing is. */
  readonly threshold: number;
}

/** A point of a curve of precision and recall. */
export interface PrecisionRecallPoint {
  readonly precision: number;
  readonly recall: number;
  readonly threshold: number;
}

/**
 * The ROC curve, from nothing positive to everything, a point a different score, as scikit-learn's `roc_curve` has it with
 * `drop_intermediate=False`.
 *
 * @param isPositive whether each example is of the positive class
 * @param scores     how much the model takes each for positive
 * @throws UserError where all examples are of one class, the lists differ in length, or a score is not finite
 * @example
 * rocCurve([false, true], [0.2, 0.9])[1]   // { falsePositiveRate: 0, truePositiveRate: 1, threshold: 0.9 }
 */
export function rocCurve(isPositive: readonly boolean[], scores: readonly number[]): RocPoint[] {
  const { positives, negatives } = classSizes(isPositive, scores, 'rocCurve');
  if (negatives === 0) throw new UserError('rocCurve: no example is negative; both classes are needed');
  const points = cumulativeCounts(isPositive, scores).map(({ threshold, right, wrong }) => ({
    falsePositiveRate: wrong / negatives,
    truePositiveRate: right / positives,
    threshold,
  }));
  return [{ falsePositiveRate: 0, truePositiveRate: 0, threshold: Number.POSITIVE_INFINITY }, ...points];
}

/**
 * Precision and recall at every threshold, from the highest score down; scikit-learn's `precision_recall_curve` in the other
 * order, without its last point (precision 1, recall 0), which no threshold has.
 *
 * @throws UserError where no example is positive, the lists differ in length, or a score is not finite
 * @example
 * precisionRecallCurve([false, true], [0.2, 0.9])[0]   // { precision: 1, recall: 1, threshold: 0.9 }
 */
export function precisionRecallCurve(
  isPositive: readonly boolean[],
  scores: readonly number[],
): PrecisionRecallPoint[] {
  const { positives } = classSizes(isPositive, scores, 'precisionRecallCurve');
  return cumulativeCounts(isPositive, scores).map(({ threshold, right, wrong }) => ({
    precision: right / (right + wrong),
    recall: right / positives,
    threshold,
  }));
}

function classSizes(isPositive: readonly boolean[], scores: readonly number[], name: string) {
  checkScores(name, isPositive, scores);
  const positives = isPositive.filter(Boolean).length;
  if (positives === 0) throw new UserError(`${name}: no example is positive, so nothing can be found`);
  return { positives, negatives: isPositive.length - positives };
}

/** What scores at least a threshold. */
export interface ThresholdCounts {
  readonly threshold: number;
  /** How many positives do. */
  readonly right: number;
  /** How many negatives do. */
  readonly wrong: number;
}

/** How many positives and negatives score at least each different score, from the highest down. */
export function cumulativeCounts(isPositive: readonly boolean[], scores: readonly number[]): ThresholdCounts[] {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const counts: ThresholdCounts[] = [];
  let [right, wrong] = [0, 0];
  for (const [place, i] of order.entries()) {
    if (isPositive[i]) right++;
    else wrong++;
    const threshold = scores[i] as number;
    if (scores[order[place + 1] as number] !== threshold) counts.push({ threshold, right, wrong });
  }
  return counts;
}
