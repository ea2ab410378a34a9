/** @file Metrics of scores, beyond the predicted label. Undefined metrics are omitted. */

import { averagePrecision, averagePrecisionMultiLabel } from '../../metrics/classification/average-precision.js';
import { expectedCalibrationError } from '../../metrics/classification/calibration.js';
import { classificationReport } from '../../metrics/classification/classification-report.js';
import { matthewsCorrelation } from '../../metrics/classification/matthews.js';
import { logLoss } from '../../metrics/classification/probability-scores.js';
import { rocAuc, rocAucMultiLabel, rocAucOneVersusRest } from '../../metrics/classification/roc-auc.js';
import { type TunedThreshold, tuneThresholds } from '../../metrics/classification/thresholds.js';
import { UserError } from '../../platform/errors.js';

type Scores = readonly { readonly label: string; readonly score: number }[];

/** Scores of texts, as far as metrics need them. */
export interface KeptScores {
  /** Of each text: its scores in the order of the labels. */
  readonly scores: readonly (readonly number[])[];
  readonly labels: readonly string[];
}

/** What is said of texts that have one label each. */
export interface ChosenLabels {
  /** The label that was predicted of each text, and its score. */
  readonly chosen: readonly string[];
  readonly confidences: readonly number[];
}

/** Of one label a text. Area and average precision of two classes are of the second. */
export function scoreMetrics(
  { scores, labels, chosen, confidences }: KeptScores & ChosenLabels,
  references: readonly string[],
): Record<string, number> {
  const isRight = chosen.map((label, i) => label === references[i]);
  const [, positive] = labels;
  const isPositive = references.map((label) => label === positive);
  const ofPositive = scores.map((row) => row[1] as number);
  const isBinary = labels.length === 2;
  return defined({
    matthews_correlation: matthewsCorrelation(references, chosen),
    roc_auc: isBinary ? rocAuc(isPositive, ofPositive) : rocAucOneVersusRest(references, scores, labels),
    average_precision: isBinary && isPositive.includes(true) ? averagePrecision(isPositive, ofPositive) : Number.NaN,
    log_loss: logLoss(references, scores, labels),
    expected_calibration_error: expectedCalibrationError(confidences, isRight),
  });
}

/** Of several labels a text. */
export interface MultiLabelScores {
  /** `tuned_...`: with the threshold of each label that is best on these very examples. */
  readonly metrics: Record<string, number>;
  /** In the order of the labels. */
  readonly thresholds: readonly TunedThreshold[];
}

/**
 * Of several labels a text. Areas are averaged over the labels that apply to some examples and not to others, average
 * precisions over those that apply to some.
 */
export function multiLabelScoreMetrics(
  { scores, labels }: KeptScores,
  references: readonly (readonly string[])[],
): MultiLabelScores {
  const applies = references.map((those) => labels.map((label) => those.includes(label)));
  const thresholds = tuneThresholds(applies, scores);
  const tuned = scores.map((row) =>
    labels.filter((_, k) => (row[k] as number) >= (thresholds[k] as TunedThreshold).threshold),
  );
  const { micro, macro } = classificationReport(references, tuned, labels);
  const everyLabel = labels.map((_, k) => k);
  const occurring = everyLabel.filter((k) => applies.some((row) => row[k]));
  const varying = occurring.filter((k) => applies.some((row) => !row[k]));
  const average = (score: typeof rocAucMultiLabel, those: readonly number[]) => {
    const only = <Value>(rows: readonly (readonly Value[])[]) => rows.map((row) => those.map((k) => row[k] as Value));
    return those.length === 0 ? Number.NaN : score(only(applies), only(scores));
  };
  const metrics = defined({
    roc_auc: average(rocAucMultiLabel, varying),
    mean_average_precision: average(averagePrecisionMultiLabel, occurring),
    tuned_micro_f1: micro.f1,
    tuned_macro_f1: macro.f1,
  });
  return { metrics, thresholds };
}

/**
 * A text's scores in the order of the labels.
 *
 * @param index the text's number, for messages
 */
export function scoresInOrder(prediction: Scores, labels: readonly string[], index: number): number[] {
  const byLabel = new Map(prediction.map(({ label, score }) => [label, score]));
  return labels.map((label) => {
    const score = byLabel.get(label) ?? 0;
    if (Number.isFinite(score)) return score;
    throw new UserError(
      `the model's score of "${label}" is ${score} for example ${index + 1}, so there is nothing to evaluate. Its weights ` +
        'are damaged, or training diverged: take an earlier checkpoint, or train with a smaller `learningRate`.',
    );
  });
}

const defined = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)));
