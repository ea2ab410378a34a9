/** @file Calibration: whether a model that is 80 % sure is right in 80 % of the cases. */
import { UserError } from '../../platform/errors.js';

/** Examples of similar confidence. */
export interface ReliabilityBin {
  /** How sure the model was of them, as a mean. */
  readonly confidence: number;
  /** How many of them it got right, as a share. */
  readonly accuracy: number;
  readonly count: number;
}

/**
 * Examples by confidence, in bins of equal width; a confidence on the border belongs to the bin below, as in scikit-learn's
 * `calibration_curve`. Empty bins are left out.
 *
 * @param confidences 0 to 1
 * @param isRight     whether each prediction was right
 * @param bins        how many there are, a whole number from 1
 * @throws UserError for lists of different length, and a confidence outside of 0 to 1
 * @example
 * reliabilityBins([0.95, 0.91, 0.6], [true, false, true])
 * // [{ confidence: 0.6, accuracy: 1, count: 1 }, { confidence: 0.93, accuracy: 0.5, count: 2 }]
 */
export function reliabilityBins(
  confidences: readonly number[],
  isRight: readonly boolean[],
  bins = 10,
): ReliabilityBin[] {
  if (confidences.length !== isRight.length) {
    throw new UserError(`reliabilityBins: ${confidences.length} confidences, but ${isRight.length} outcomes`);
  }
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw new UserError(`reliabilityBins: ${bins} bins; a whole number from 1 was expected`);
  }
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, count: 0 }));
  for (const [i, confidence] of confidences.entries()) {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new UserError(`reliabilityBins: confidences[${i}] is ${confidence}; 0 to 1 was expected`);
    }
    // As many bins lie below as there are inner borders below the confidence; the borders are NumPy's, to the last bit.
    const border = (k: number) => k * (1 / bins);
    let at = Math.min(bins - 1, Math.floor(confidence * bins));
    while (at > 0 && border(at) >= confidence) at--;
    while (at < bins - 1 && border(at + 1) < confidence) at++;
    const bin = sums[at] as (typeof sums)[number];
    bin.confidence += confidence;
    bin.right += isRight[i] ? 1 : 0;
    bin.count++;
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ confidence, right, count }) => ({ confidence: confidence / count, accuracy: right / count, count }));
}

/**
 * Computes the expected calibration error (Naeini et al. 2015): the difference between confidence and accuracy in each
 * bin, weighted by its number of examples. 0 for a perfectly calibrated model; NaN without examples.
 *
 * @example
 * expectedCalibrationError([0.95, 0.91, 0.6], [true, false, true])   // 0.42
 */
export function expectedCalibrationError(
  confidences: readonly number[],
  isRight: readonly boolean[],
  bins = 10,
): number {
  const all = confidences.length;
  const found = reliabilityBins(confidences, isRight, bins);
  if (all === 0) return Number.NaN;
  return found.reduce(
    (sum, { confidence, accuracy, count }) => sum + (count / all) * Math.abs(accuracy - confidence),
    0,
  );
}
