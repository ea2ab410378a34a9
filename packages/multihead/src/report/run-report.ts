/** @file A report on a run: what report.json holds, and all that report.html shows. */
import { type ReliabilityBin, reliabilityBins } from '../metrics/classification/calibration.js';
import { classificationReport } from '../metrics/classification/classification-report.js';
import { confusionMatrix } from '../metrics/classification/confusion-matrix.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import type { Outcome } from '../tasks/outcome.js';
import type { Confusion, Evaluation } from '../tasks/task.js';
import type { TrainingEvent } from '../training/trainer/events.js';
import type { StepValue } from './charts.js';

/** How a run went. */
export interface RunHistory {
  readonly loss: readonly StepValue[];
  readonly learningRate: readonly StepValue[];
  readonly evaluations: readonly { readonly step: number; readonly metrics: Readonly<Record<string, number>> }[];
  readonly seconds: number;
}

/** A report. Its JSON has the same fields. */
export interface RunReport {
  readonly task: string;
  /** The model that was evaluated. */
  readonly model: string;
  /** What it was evaluated on. */
  readonly data: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly mainMetric: string;
  /** The evaluation as people read it on the screen. */
  readonly summary: string;
  readonly examples: number;
  /** The model that training began with, and what it was trained on. */
  readonly baseModel?: string | undefined;
  readonly trainingData?: string | undefined;
  /** When the report was made (ISO 8601), and by which version. */
  readonly date?: string | undefined;
  readonly version?: string | undefined;
  /** How the model was trained, where the report is of a training run. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly history?: RunHistory | undefined;
  /** Of classification with one label a text. */
  readonly classes?: ClassSummary | undefined;
  /** Which labels were taken for which, where single decisions are not whole examples. */
  readonly confusion?: Confusion | undefined;
  /** How many examples the model got wrong. */
  readonly mistakes: number;
  /** Those of them that were worst, in the order of `mistakeOrder`. */
  readonly worstMistakes: readonly Outcome[];
  readonly mistakeOrder: string;
}

/** What there is to say class by class. */
export interface ClassSummary {
  readonly labels: readonly string[];
  /** matrix[i][j]: examples of class i that were taken for class j */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly scores: readonly {
    readonly label: string;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  readonly reliability: readonly ReliabilityBin[];
}

/** What a report is made of. */
export interface ReportInputs {
  readonly task: string;
  readonly model: string;
  readonly data: string;
  readonly evaluation: Evaluation;
  readonly outcomes: readonly Outcome[];
  /** The labels of a classifier that gives each text one. */
  readonly labels?: readonly string[] | undefined;
  /** The order of mistakes, in words: what {@link Outcome.badness} is. Default: 'worst first'. */
  readonly mistakeOrder?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly history?: RunHistory | undefined;
  readonly baseModel?: string | undefined;
  readonly trainingData?: string | undefined;
  readonly date?: string | undefined;
  readonly version?: string | undefined;
}

const inputNames = namesOf<ReportInputs>({
  task: true,
  model: true,
  data: true,
  evaluation: true,
  outcomes: true,
  labels: true,
  mistakeOrder: true,
  settings: true,
  history: true,
  baseModel: true,
  trainingData: true,
  date: true,
  version: true,
});

/** Mistakes that a report shows. */
export const shownMistakes = 25;

/**
 * Makes a report.
 *
 * @example
 * const given = { task: 'text-classification', model: 'runs/sst2', data: 'dev.tsv' } as const;
 * const report = runReport({ ...given, evaluation, outcomes, labels: ['negative', 'positive'] });
 * await writeFile('report.html', reportPage(report, outcomes));
 */
export function runReport(inputs: ReportInputs): RunReport {
  checkOptionNames(inputs, inputNames, 'runReport');
  const { evaluation, outcomes, labels, mistakeOrder = 'worst first', ...given } = inputs;
  const { metrics, mainMetric, report: summary, confusion } = evaluation;
  const wrong = outcomes.filter(({ isMistake }) => isMistake).sort((a, b) => b.badness - a.badness);
  const classes = labels && classSummary(labels, outcomes);
  return {
    ...given,
    metrics,
    mainMetric,
    summary,
    examples: outcomes.length,
    classes,
    confusion,
    mistakes: wrong.length,
    worstMistakes: wrong.slice(0, shownMistakes),
    mistakeOrder,
  };
}

function classSummary(labels: readonly string[], outcomes: readonly Outcome[]): ClassSummary {
  const references = outcomes.map(({ reference }) => String(reference));
  const predictions = outcomes.map(({ prediction }) => String(prediction));
  const { classes } = classificationReport(references, predictions, labels);
  return {
    labels,
    confusionMatrix: confusionMatrix(references, predictions, labels),
    scores: classes,
    reliability: reliabilityBins(
      outcomes.map(({ confidence = 0 }) => Math.min(1, confidence)),
      outcomes.map(({ scores }) => scores.accuracy === 1),
    ),
  };
}

/** Points of a curve that a chart needs, however long the run was. */
const shownSteps = 2000;

/** An event as it comes or as events.jsonl has it, without the numbers of the examples. */
/** What happens in a run, as its history needs it. */
export type RunEvent =
  | Exclude<TrainingEvent, { type: 'step' }>
  | Omit<Extract<TrainingEvent, { type: 'step' }>, 'batches'>;

/**
 * Collects a run's history from its events.
 *
 * @example
 * const listener = new HistoryListener();
 * const training = new Trainer({ model, task, tokenizer, train, onEvent: (event) => listener.listen(event) });
 * await training.train();
 * listener.history.loss; // [{ step: 1, value: 0.7 }, ...]
 */
export class HistoryListener {
  private readonly loss: StepValue[] = [];
  private readonly learningRate: StepValue[] = [];
  private readonly evaluations: { step: number; metrics: Readonly<Record<string, number>> }[] = [];
  private seconds = 0;

  /** Takes in what happened. */
  listen(event: RunEvent): void {
    if (event.type === 'step') {
      this.loss.push({ step: event.step, value: event.loss });
      this.learningRate.push({ step: event.step, value: event.learningRate });
    } else if (event.type === 'evaluation') this.evaluations.push({ step: event.step, metrics: event.metrics });
    else if (event.type === 'end') this.seconds = event.seconds;
  }

  /** How the run went so far. */
  get history(): RunHistory {
    const { loss, learningRate, evaluations, seconds } = this;
    const every = Math.ceil(loss.length / shownSteps);
    const thin = (points: readonly StepValue[]) => points.filter((_, i) => i % Math.max(1, every) === 0);
    return { loss: thin(loss), learningRate: thin(learningRate), evaluations, seconds };
  }
}
