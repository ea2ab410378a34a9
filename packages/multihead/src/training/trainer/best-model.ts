/** @file Which of a run's models is the best so far, and whether waiting for a better one has been long enough. */
import { UserError } from '../../platform/errors.js';
import type { Evaluation } from '../../tasks/task.js';
import type { TrainingOptions } from './options.js';

/** What the evaluations so far come to. */
export interface BestSoFar {
  /** The best value of the metric, null before the first evaluation. */
  readonly best: number | null;
  /** Evaluations in a row that did not better it by more than the threshold. */
  readonly evaluationsWithoutGain: number;
}

type BestModelOptions = Pick<
  TrainingOptions,
  'metricForBestModel' | 'greaterIsBetter' | 'earlyStoppingPatience' | 'earlyStoppingThreshold'
>;

/**
 * The name under which an evaluation has a metric. Names may begin with `eval_`, as in Hugging Face, and a classifier's
 * `loss` is its log_loss: the cross-entropy over the examples.
 */
export function namedMetric(metrics: Evaluation['metrics'], asked: string): string | undefined {
  const name = asked.replace(/^eval_/, '');
  return [name, ...(name === 'loss' ? ['log_loss'] : [])].find((each) => Object.hasOwn(metrics, each));
}

/** The metric that counts, its value, and whether more is better. */
export function comparedMetric(
  { metrics, mainMetric, greaterIsBetter }: Evaluation,
  options: BestModelOptions,
): { readonly name: string; readonly value: number; readonly greaterIsBetter: boolean } {
  const name = namedMetric(metrics, options.metricForBestModel ?? mainMetric);
  if (name === undefined) {
    throw new UserError(
      `metricForBestModel is ${options.metricForBestModel}; the evaluation has: ${Object.keys(metrics).join(', ')}`,
    );
  }
  const value = metrics[name] as number;
  const usual =
    name === mainMetric ? (greaterIsBetter ?? true) : !/(^|_)(loss|perplexity|error|mse|rmse|mae|ece|brier)/.test(name);
  return { name, value, greaterIsBetter: options.greaterIsBetter ?? usual };
}

/**
 * Takes an evaluation into account. Of equals the later model is the best, which has seen more; but it is no gain. The first
 * is a gain. As Hugging Face's EarlyStoppingCallback has it, a gain must be larger than the threshold.
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

/** Whether a run has waited long enough for a better model. */
export const hasWaitedEnough = (
  { evaluationsWithoutGain }: BestSoFar,
  { earlyStoppingPatience }: BestModelOptions,
): boolean => earlyStoppingPatience > 0 && evaluationsWithoutGain >= earlyStoppingPatience;
