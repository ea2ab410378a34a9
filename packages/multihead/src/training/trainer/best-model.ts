/** @file Tracks the best model of a run, and early stopping. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import type { Evaluation } from '../../tasks/task.js';
import type { TrainingOptions } from './options.js';

/** Summary of the evaluations so far. */
export interface BestSoFar {
  /** The best value of the metric, null before the first evaluation. */
  readonly best: number | null;
  /** Number of consecutive evaluations without an improvement above the threshold. */
  readonly evaluationsWithoutGain: number;
}

type BestModelOptions = Pick<
  TrainingOptions,
  'metricForBestModel' | 'greaterIsBetter' | 'earlyStoppingPatience' | 'earlyStoppingThreshold'
>;

/**
 * Finds the name of a metric in an evaluation. Names may begin with `eval_`, as in Hugging Face, and a classifier's
 * `loss` is its log_loss: the cross-entropy over the examples.
 */
export function namedMetric(metrics: Readonly<Record<string, unknown>>, asked: string): string | undefined {
  const name = asked.replace(/^eval_/, '');
  return [name, ...(name === 'loss' ? ['log_loss'] : [])].find((each) => Object.hasOwn(metrics, each));
}

/** A metric was named that the evaluation does not have. */
export class UnknownMetric extends UserError {}

/**
 * The error of a metric that is not among those of the evaluation.
 *
 * @param told what the message begins with: `there is no metric bleu`
 */
export function unknownMetric(told: string, asked: string, known: readonly string[]): UnknownMetric {
  const likely = likelyName(asked.replace(/^eval_/, ''), known);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  return new UnknownMetric(`${told}; the evaluation has: ${known.join(', ')}${hint}`);
}

/** Whether greater values of a metric are better, by its name. */
export const greaterIsBetterOf = (name: string): boolean =>
  !/(^|_)(loss|perplexity|error|mse|rmse|mae|ece|brier)/.test(name);

/** Returns the metric for the best model, its value, and whether greater is better. */
export function comparedMetric(
  { metrics, mainMetric, greaterIsBetter }: Evaluation,
  options: BestModelOptions,
): { readonly name: string; readonly value: number; readonly greaterIsBetter: boolean } {
  const name = namedMetric(metrics, options.metricForBestModel ?? mainMetric);
  if (name === undefined) {
    const asked = String(options.metricForBestModel);
    throw unknownMetric(`metricForBestModel is ${asked}`, asked, Object.keys(metrics));
  }
  const value = metrics[name] as number;
  const usual = name === mainMetric ? (greaterIsBetter ?? true) : greaterIsBetterOf(name);
  return { name, value, greaterIsBetter: options.greaterIsBetter ?? usual };
}

/**
 * Updates the summary with an evaluation. Of equal models the later one is the best, but does not count as an
 * improvement; the first evaluation does. As Hugging Face's EarlyStoppingCallback has it, an improvement must be larger
 * than the threshold.
 */
export function afterEvaluation(
  { best, evaluationsWithoutGain }: BestSoFar,
  evaluation: Evaluation,
  options: BestModelOptions,
): BestSoFar & { readonly isBest: boolean } {
  const { value, greaterIsBetter } = comparedMetric(evaluation, options);
  // Not every score is a number: predictions that are all the same have no correlation.
  if (Number.isNaN(value)) {
    return { best, evaluationsWithoutGain: evaluationsWithoutGain + 1, isBest: best === null };
  }
  const gain = best === null ? Number.POSITIVE_INFINITY : greaterIsBetter ? value - best : best - value;
  const isGain = gain > options.earlyStoppingThreshold;
  return {
    best: gain >= 0 ? value : best,
    evaluationsWithoutGain: isGain ? 0 : evaluationsWithoutGain + 1,
    isBest: gain >= 0,
  };
}

/** Whether early stopping applies. */
export const hasWaitedEnough = (
  { evaluationsWithoutGain }: BestSoFar,
  { earlyStoppingPatience }: BestModelOptions,
): boolean => earlyStoppingPatience > 0 && evaluationsWithoutGain >= earlyStoppingPatience;
