/**
 * @file An evaluation whose examples may be larger than memory: they go through the model in windows, and each window's
 * outcomes are written when they are there.
 *
 * In memory there are one window of examples, what the metrics need of each prediction (for labels: their names and 8 bytes a
 * score; for answers: the predicted one and the right ones) and, where there is a report, what its charts need of each
 * outcome (scores and confidence), with the texts of the 25 worst mistakes.
 */
import type { ExampleStream } from '../data/example-stream.js';
import { type WindowLimits, windows } from '../data/windows.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { KeptOutcomes } from '../report/kept-outcomes.js';
import type { ReportInputs } from '../report/run-report.js';
import type { Outcome } from '../tasks/outcome.js';
import { predictExamples } from '../tasks/predict.js';
import type { Feature, MetricsCollector, Task } from '../tasks/task.js';
import { endBySignal, onSignal, signalInWords } from './ending.js';
import type { ReportFiles } from './report-files.js';
import { workBar } from './work-bar.js';

/** What a task has to say of its predictions in a report. */
export interface TaskReport<Example, Prediction> {
  /** What an example is, for people: texts. */
  readonly unit: string;
  /** The labels of a classifier that gives each text one. */
  readonly labels?: readonly string[] | undefined;
  /**
   * An outcome for each prediction.
   *
   * @param from number of the first example
   */
  outcomes(predictions: readonly Prediction[], examples: readonly Example[], from: number): Outcome[];
  /** Entries of JSON files of the task's own. */
  files?(predictions: readonly Prediction[], examples: readonly Example[]): Readonly<Record<string, object>>;
}

/** A model that is ready, and how its task evaluates it. */
export interface Evaluated<Example, OneFeature extends Feature, Decoded, Prediction> {
  readonly model: PretrainedModel;
  readonly task: Task<Example, OneFeature, Decoded, Prediction> & {
    collectMetrics(): MetricsCollector<Example, Prediction>;
  };
  readonly report: TaskReport<Example, Prediction>;
}

/** How examples are evaluated. */
export interface EvaluateWindowsOptions {
  readonly batchSize?: number | undefined;
  readonly limits: WindowLimits;
  /** Where outcomes are written, if anywhere. */
  readonly files?: ReportFiles | undefined;
  /** What is said when a signal ends the evaluation. */
  readonly whenInterrupted: string;
}

/** What an evaluation finds. Outcomes only where they are written: a report is made of them. */
export type Found = Pick<ReportInputs, 'evaluation' | 'outcomes' | 'labels'>;

/** Runs a model over examples, with a bar in a terminal. */
export async function evaluateWindows<Example, OneFeature extends Feature, Decoded, Prediction>(
  { model, task, report }: Evaluated<Example, OneFeature, Decoded, Prediction>,
  examples: Pick<ExampleStream<Example>, 'examples' | 'length' | 'sizeOf'>,
  { batchSize, limits, files, whenInterrupted }: EvaluateWindowsOptions,
): Promise<Found> {
  const collector = task.collectMetrics();
  const outcomes = new KeptOutcomes(report.labels);
  const bar = workBar(examples.length, report.unit);
  const stopListening = onSignal((signal) => {
    bar.close();
    console.error(`${signalInWords[signal]}: ${whenInterrupted}`);
    endBySignal(signal);
  });
  let done = 0;
  try {
    for await (const window of windows(examples.examples(), examples.sizeOf, limits)) {
      const onProgress = (share: number): void => bar.update(done + share * window.length);
      const predictions = await predictExamples(model, task, window, { batchSize, onProgress });
      collector.add(predictions, window);
      if (files) {
        const ofWindow = report.outcomes(predictions, window, done);
        outcomes.add(ofWindow);
        await files.add(ofWindow, report.files?.(predictions, window));
      }
      done += window.length;
    }
  } finally {
    bar.close();
    stopListening();
  }
  return { evaluation: collector.evaluation(), outcomes: outcomes.all, labels: report.labels };
}
