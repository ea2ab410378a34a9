/** @file What the scores of an evaluation say, beyond which label comes first. A metric that is not defined is left out. */
import { averagePrecision } from '../metrics/average-precision.js';
import { expectedCalibrationError } from '../metrics/calibration.js';
import { classificationReport } from '../metrics/classification-report.js';
import { matthewsCorrelation } from '../metrics/matthews.js';
import { logLoss } from '../metrics/probability-scores.js';
import { rocAuc, rocAucOneVersusRest } from '../metrics/roc-auc.js';
import { tuneThresholds } from '../metrics/thresholds.js';

type Scores = readonly { readonly label: string; readonly score: number }[];

/** Of one label a text. Area and average precision of two classes are of the second. */
export function scoreMetrics(
  predictions: readonly Scores[],
  references: readonly string[],
  labels: readonly string[],
): Record<string, number> {
  const probabilities = inOrder(predictions, labels);
  const first = predictions.map((scores) => scores[0] as Scores[number]);
  const chosen = first.map(({ label }) => label);
  const isRight = chosen.map((label, i) => label === references[i]);
  const [, positive] = labels;
  const isPositive = references.map((label) => label === positive);
  const ofPositive = probabilities.map((row) => row[1] as number);
  const isBinary = labels.length === 2;
  return defined({
    matthews_correlation: matthewsCorrelation(references, chosen),
    roc_auc: isBinary ? rocAuc(isPositive, ofPositive) : rocAucOneVersusRest(references, probabilities, labels),
    average_precision: isBinary && isPositive.includes(true) ? averagePrecision(isPositive, ofPositive) : Number.NaN,
    log_loss: references.every((label) => labels.includes(label))
      ? logLoss(references, probabilities, labels)
      : Number.NaN,
    expected_calibration_error: expectedCalibrationError(
      first.map(({ score }) => Math.min(1, score)),
      isRight,
    ),
  });
}

/**
 * Of several labels a text. `tuned_...`: with the threshold of each label that is best on these very examples; these
 * thresholds too.
 */
export function multiLabelScoreMetrics(
  predictions: readonly Scores[],
  references: readonly (readonly string[])[],
  labels: readonly string[],
): { readonly metrics: Record<string, number>; readonly thresholds: Record<string, number> } {
  const scores = inOrder(predictions, labels);
  const applies = references.map((those) => labels.map((label) => those.includes(label)));
  const column = <T>(rows: readonly (readonly T[])[], k: number) => rows.map((row) => row[k] as T);
  const areas = labels
    .map((_, k) => rocAuc(column(applies, k), column(scores, k)))
    .filter((area) => !Number.isNaN(area));
  const occurring = labels.flatMap((_, k) => (column(applies, k).includes(true) ? [k] : []));
  const precisions = occurring.map((k) => averagePrecision(column(applies, k), column(scores, k)));
  const thresholds = tuneThresholds(applies, scores);
  const tuned = scores.map((row) => labels.filter((_, k) => (row[k] as number) >= (thresholds[k]?.threshold ?? 0.5)));
  const { micro, macro } = classificationReport(references, tuned, labels);
  const metrics = defined({
    roc_auc: mean(areas),
    mean_average_precision: mean(precisions),
    tuned_micro_f1: micro.f1,
    tuned_macro_f1: macro.f1,
  });
  return {
    metrics,
    thresholds: Object.fromEntries(labels.map((label, k) => [label, thresholds[k]?.threshold ?? 0.5])),
  };
}

/** Each text's scores in the order of the labels. */
function inOrder(predictions: readonly Scores[], labels: readonly string[]): number[][] {
  return predictions.map((scores) => {
    const byLabel = new Map(scores.map(({ label, score }) => [label, score]));
    return labels.map((label) => byLabel.get(label) ?? 0);
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const defined = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)));
