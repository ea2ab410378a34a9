/** @file What a search compares trials by: metrics of their reports, or the seconds of their training. */
import { join } from 'node:path';
import { exists, readText } from '#files';
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import type { Direction } from '../../../search/trial-record.js';
import { greaterIsBetterOf, namedMetric, unknownMetric } from '../../../training/trainer/best-model.js';
import type { TrainingOptions } from '../../../training/trainer/options.js';

/** Not a metric of the evaluation, but how long the training took. */
const seconds = 'seconds';

/** An objective of the search. */
export interface Measure {
  /** The metric's name; undefined for the task's main metric. */
  readonly metric: string | undefined;
  readonly direction: Direction;
}

/** The options that say what is compared. */
export interface MeasureArguments extends Partial<Pick<TrainingOptions, 'metricForBestModel' | 'greaterIsBetter'>> {
  readonly objective?: readonly string[];
}

/** The objectives of a search. */
export function measuresOf({ objective, metricForBestModel, greaterIsBetter }: MeasureArguments): readonly Measure[] {
  const direction = (metric: string): Direction =>
    metric !== seconds && greaterIsBetterOf(metric) ? 'maximize' : 'minimize';
  if (objective) return objective.map((metric) => ({ metric, direction: direction(metric) }));
  const usual = metricForBestModel === undefined ? 'maximize' : direction(metricForBestModel);
  const chosen = greaterIsBetter === undefined ? usual : greaterIsBetter ? 'maximize' : 'minimize';
  return [{ metric: metricForBestModel, direction: chosen }];
}

/** The metrics of evaluations that are compared. */
export const evaluatedIn = (measures: readonly Measure[]): string[] =>
  measures.flatMap(({ metric }) => (metric === undefined || metric === seconds ? [] : [metric]));

/** What a run's report.json says. */
interface Reported {
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly mainMetric: string;
  readonly history?: { readonly seconds: number };
}

/** The metrics of a trial: of several seeds, their means. `seconds` is the sum. */
export async function measuredIn(output: string, seeds: readonly number[] | undefined): Promise<Reported> {
  const folders = seeds?.map((seed) => join(output, `seed-${seed}`)) ?? [output];
  const reports: Reported[] = [];
  for (const folder of folders) {
    const path = join(folder, 'report.json');
    if (!(await exists(path))) throw new UserError(`${path}: is not there; the run wrote no report`);
    reports.push(parseJson(await readText(path), path) as Reported);
  }
  const [first] = reports as [Reported];
  const mean = (name: string) =>
    reports.reduce((sum, { metrics }) => sum + (metrics[name] ?? Number.NaN), 0) / reports.length;
  const metrics = Object.fromEntries(Object.keys(first.metrics).map((name) => [name, mean(name)]));
  const spent = reports.reduce((sum, { history }) => sum + (history?.seconds ?? 0), 0);
  return { metrics: { ...metrics, [seconds]: spent }, mainMetric: first.mainMetric };
}

/**
 * The name of an objective among the metrics of an evaluation.
 *
 * @throws UnknownMetric for a metric that the task does not have
 */
export function measuredName({ metric }: Measure, metrics: Reported['metrics'], mainMetric: string): string {
  const name = metric === seconds ? seconds : namedMetric(metrics, metric ?? mainMetric);
  if (name === undefined) throw unknownMetric(`there is no metric ${metric}`, String(metric), Object.keys(metrics));
  return name;
}

/**
 * The value of an objective.
 *
 * @throws UnknownMetric for a metric that the task does not have; UserError for one that is not a number
 */
export function measuredValue(
  measure: Measure,
  { metrics, mainMetric }: Pick<Reported, 'metrics' | 'mainMetric'>,
): number {
  const name = measuredName(measure, metrics, mainMetric);
  const value = metrics[name];
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new UserError(
    `${name} is not a number: the evaluation does not define it for what this model predicts. ` +
      'Search by another metric (`metricForBestModel`), or with more evaluation examples.',
  );
}
