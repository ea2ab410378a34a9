/**
 * @file An evaluation whose examples may be larger than memory: they go through the model in windows, and each window's
 * outcomes are written when they are there.
 *
 * In memory there are one window of examples, what the metrics need of each prediction (for labels: their names and 8 bytes a
 * score; for answers: the predicted one and the right ones) and, where there is a report, what its charts need of each
 * outcome (scores and confidence), with the texts of the 25 worst mistakes.
 */
import { type WindowLimits, windows } from '../../../data/streams/windows.js';
import type { PretrainedModel } from '../../../models/core/pretrained.js';
import { KeptOutcomes } from '../../../report/kept-outcomes.js';
import type { ReportInputs } from '../../../report/run-report.js';
import type { EvaluatedExamples, TaskDefinition } from '../../../tasks/define-task.js';
import { predictExamples } from '../../../tasks/predict.js';
import type { Evaluation, MetricsCollector, Task } from '../../../tasks/task.js';
import { endBySignal, onSignal, signalInWords } from '../../exit.js';
import type { KeptPredictions } from '../../output/kept-predictions.js';
import type { ReportFiles } from '../../output/report-files.js';
import { workBar } from '../../output/work-bar.js';

/** A model that is ready, and how its task evaluates it. */
export interface Evaluated {
  readonly model: PretrainedModel;
  readonly definition: TaskDefinition;
  readonly task: Task<unknown>;
}

/** How examples are evaluated. */
export interface EvaluateWindowsOptions {
  readonly batchSize?: number | undefined;
  readonly limits: WindowLimits;
  /** Where outcomes are written, if anywhere. */
  readonly files?: ReportFiles | undefined;
  /** Predictions of an interrupted evaluation, and where new ones are kept, if anywhere. */
  readonly kept?: KeptPredictions | undefined;
  /** What is said when a signal ends the evaluation and nothing is kept. */
  readonly whenInterrupted: string;
}

/** What an evaluation finds. Outcomes only where they are written: a report is made of them. */
export type Found = Pick<ReportInputs, 'evaluation' | 'outcomes' | 'labels' | 'mistakeOrder'>;

/** Runs a model over examples, with a bar in a terminal. */
export async function evaluateWindows(
  { model, definition, task }: Evaluated,
  examples: EvaluatedExamples<unknown>,
  { batchSize, limits, files, kept, whenInterrupted }: EvaluateWindowsOptions,
): Promise<Found> {
  const { order: mistakeOrder, labels } = definition.mistakes(task);
  const collector = task.collectMetrics?.() ?? new HeldMetrics(task);
  const outcomes = new KeptOutcomes(labels);
  const bar = workBar(examples.length, definition.unit, kept?.progress.written);
  const stopListening = kept ? kept.progress.listen(bar.close) : endWith(whenInterrupted, bar.close);
  let done = 0;
  try {
    for await (const window of windows(examples.examples(), examples.sizeOf, limits)) {
      const begin = done;
      const onProgress = (share: number): void =>
        bar.update(Math.max(kept?.progress.written ?? 0, begin + share * window.length));
      const compute = () => predictExamples(model, task, window, { batchSize, onProgress });
      const predictions = await (kept?.ofWindow(begin, window.length, compute) ?? compute());
      collector.add(predictions, window);
      if (files) {
        const ofWindow = definition.outcomes(task, predictions, window, done, examples);
        outcomes.add(ofWindow);
        await files.add(ofWindow, definition.files?.(predictions, window));
      }
      done += window.length;
    }
  } catch (error) {
    bar.close();
    if (kept?.progress.kept !== undefined) console.error(kept.progress.kept);
    throw error;
  } finally {
    bar.close();
    stopListening();
  }
  return { evaluation: collector.evaluation(), outcomes: outcomes.all, labels, mistakeOrder };
}

/** Ends the command at a signal, with a sentence. Returns what takes that back. */
const endWith = (sentence: string, close: () => void): (() => void) =>
  onSignal((signal) => {
    close();
    console.error(`${signalInWords[signal]}: ${sentence}`);
    endBySignal(signal);
  });

/** The metrics of a task that needs all predictions at once. */
class HeldMetrics implements MetricsCollector<unknown, unknown> {
  private readonly predictions: unknown[] = [];
  private readonly examples: unknown[] = [];

  constructor(private readonly task: Task<unknown>) {}

  add(predictions: readonly unknown[], examples: readonly unknown[]): void {
    for (const prediction of predictions) this.predictions.push(prediction);
    for (const example of examples) this.examples.push(example);
  }

  evaluation(): Evaluation {
    return this.task.metrics(this.predictions, this.examples);
  }
}
