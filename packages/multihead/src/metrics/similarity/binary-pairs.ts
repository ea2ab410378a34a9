/** @file Pairs that are similar or not: the thresholds of a similarity that tell them apart best. */
import { averagePrecision } from '../classification/average-precision.js';
import { checkScores } from '../classification/check-scores.js';
import { matthewsCorrelation } from '../classification/matthews.js';

/** What {@link binaryPairsReport} gives, as sentence-transformers' BinaryClassificationEvaluator does. */
export interface BinaryPairsReport {
  /** The best accuracy at any threshold. */
  readonly accuracy: number;
  /** The similarity from which pairs count as similar for it. */
  readonly accuracyThreshold: number;
  /** The best F1 at any threshold, with precision and recall there. */
  readonly f1: number;
  readonly f1Threshold: number;
  readonly precision: number;
  readonly recall: number;
  /** Average precision: that of all thresholds. */
  readonly ap: number;
  /** Matthews' correlation at the threshold of F1. */
  readonly mcc: number;
}

/**
 * Finds the thresholds that tell similar pairs from others best. A threshold lies in the middle between two similarities.
 *
 * @param isSimilar whether each pair is similar
 * @param scores    the similarity of each pair, greater for more similar ones
 * @throws UserError for lists of different length, empty ones, and scores that are not finite
 * @example
 * binaryPairsReport([true, true, false], [0.9, 0.7, 0.3]).f1Threshold // 0.5
 */
export function binaryPairsReport(isSimilar: readonly boolean[], scores: readonly number[]): BinaryPairsReport {
  checkScores('binaryPairsReport', isSimilar, scores);
  const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const positives = isSimilar.filter(Boolean).length;
  const negatives = scores.length - positives;
  const highest = scores[order[0] as number] as number;
  let accuracy = { value: negatives / scores.length, threshold: nextFloat32(highest) };
  let best = { f1: 0, precision: 0, recall: 0, threshold: 0 };
  let right = 0;
  for (const [i, index] of order.entries()) {
    if (isSimilar[index]) right++;
    const score = scores[index] as number;
    const next = i + 1 < order.length ? (scores[order[i + 1] as number] as number) : undefined;
    if (score === next) continue;
    const middle = next === undefined ? score : (score + next) / 2;
    const threshold = middle === next ? score : middle;
    const value = (right + negatives - (i + 1 - right)) / scores.length;
    if (value > accuracy.value) accuracy = { value, threshold };
    if (right === 0) continue;
    const [precision, recall] = [right / (i + 1), right / positives];
    const f1 = (2 * precision * recall) / (precision + recall);
    if (f1 > best.f1) best = { f1, precision, recall, threshold };
  }
  return {
    accuracy: accuracy.value,
    accuracyThreshold: accuracy.threshold,
    f1: best.f1,
    f1Threshold: best.threshold,
    precision: best.precision,
    recall: best.recall,
    ap: averagePrecision(isSimilar, scores),
    mcc: matthewsCorrelation(
      isSimilar.map(String),
      scores.map((score) => String(score >= best.threshold)),
    ),
  };
}

/** The next larger float32: above it, all pairs count as different. */
function nextFloat32(value: number): number {
  const [float] = [Float32Array.of(value)];
  const bits = new Int32Array(float.buffer);
  const [rounded] = float as unknown as [number];
  if (rounded > value) return rounded;
  if (rounded === 0) return 2 ** -149;
  bits[0] = (bits[0] as number) + (rounded > 0 ? 1 : -1);
  return float[0] as number;
}
