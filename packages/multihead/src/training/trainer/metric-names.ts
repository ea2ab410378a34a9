/** @file Checks the names of metrics before a run starts, by evaluating some of its examples. */
import { evaluateExamples } from '../../tasks/predict.js';
import type { Evaluation } from '../../tasks/task.js';
import { namedMetric, unknownMetric } from './best-model.js';
import type { TrainingOptions } from './options.js';
import { isSource, type RunInputs } from './trainer-inputs.js';

/** A metric that was named, and the option that names it. */
export interface MetricName {
  readonly option: string;
  readonly name: string;
}

/**
 * Checks that the evaluations of a run will have `metricForBestModel`, and other metrics. Runs on a source of features are not
 * checked.
 *
 * @throws UnknownMetric that lists the metrics
 */
export async function checkMetrics<Example>(
  inputs: RunInputs<Example>,
  { metricForBestModel, evalBatchSize }: Pick<TrainingOptions, 'metricForBestModel' | 'evalBatchSize'>,
  others: readonly MetricName[] = [],
): Promise<void> {
  if (isSource(inputs)) return;
  const { model, task, evaluation = [] } = inputs;
  const own = metricForBestModel === undefined ? [] : [{ option: 'metricForBestModel', name: metricForBestModel }];
  const evaluateFirst = (count: number) =>
    evaluateExamples(model, task, evaluation.slice(0, count), { batchSize: evalBatchSize });
  await checkMetricNames([...own, ...others], evaluateFirst, [evalBatchSize, evaluation.length]);
}

/**
 * Checks that evaluations have the named metrics.
 *
 * @param evaluateFirst evaluates the given number of first examples
 * @param counts        how many to try, one after the other: of few examples not every metric is defined
 * @throws UnknownMetric that lists the metrics
 */
export async function checkMetricNames(
  names: readonly MetricName[],
  evaluateFirst: (count: number) => Promise<Pick<Evaluation, 'metrics'>>,
  counts: readonly number[],
): Promise<void> {
  let missing = names;
  let known: readonly string[] = [];
  for (const count of counts) {
    if (missing.length === 0) return;
    const { metrics } = await evaluateFirst(count);
    missing = missing.filter(({ name }) => namedMetric(metrics, name) === undefined);
    known = Object.keys(metrics);
  }
  const [first] = missing;
  if (first) throw unknownMetric(`${first.option} is ${first.name}`, first.name, known);
}
