/** @file Collects predictions of classifiers and computes their metrics. */
import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import { classificationReport } from '../../metrics/classification/classification-report.js';
import { formatClassificationReport } from '../../metrics/classification/format-classification-report.js';
import { formatThresholds } from '../../metrics/classification/format-thresholds.js';
import { regressionReport } from '../../metrics/regression/regression.js';
import type { Evaluation, MetricsCollector } from '../task.js';
import { multiLabelScoreMetrics, scoreMetrics, scoresInOrder } from './score-metrics.js';
import type { LabelScore, TextClassification } from './text-classification.js';

type Collector = MetricsCollector<ClassificationExample, readonly LabelScore[]>;

/** Of labels. Of each text it keeps the labels' names, and 8 bytes for the score of each label; no text. */
export class ClassificationCollector implements Collector {
  private readonly references: (string | string[])[] = [];
  private readonly chosen: (string | string[])[] = [];
  private readonly confidences: number[] = [];
  private readonly scores: number[][] = [];

  constructor(private readonly task: Pick<TextClassification, 'check' | 'labels' | 'ownNames' | 'problemType'>) {}

  add(predictions: readonly (readonly LabelScore[])[], examples: readonly ClassificationExample[]): void {
    const { task } = this;
    task.check(examples);
    for (const [i, { label }] of examples.entries()) {
      const prediction = predictions[i] as readonly LabelScore[];
      const names = task.ownNames(label);
      this.scores.push(scoresInOrder(prediction, task.labels, this.scores.length));
      if (task.problemType === 'multi_label_classification') {
        this.references.push(names);
        this.chosen.push(prediction.filter(({ applies }) => applies).map((each) => each.label));
      } else {
        const best = prediction[0] as LabelScore;
        this.references.push(names[0] as string);
        this.chosen.push(best.label);
        this.confidences.push(best.score);
      }
    }
  }

  evaluation(): Evaluation {
    const { references, chosen, confidences, scores } = this;
    const { labels, problemType } = this.task;
    const multiLabel = problemType === 'multi_label_classification';
    const report = classificationReport(references, chosen, labels);
    const { accuracy, micro, macro, weighted } = report;
    const { metrics: ofScores, thresholds } = multiLabel
      ? multiLabelScoreMetrics({ scores, labels }, references as string[][])
      : {
          metrics: scoreMetrics({ scores, labels, chosen: chosen as string[], confidences }, references as string[]),
          thresholds: undefined,
        };
    const lines = Object.entries(ofScores).map(([name, value]) => `${name.padEnd(28)}${value.toFixed(4)}`);
    if (thresholds) lines.push('', formatThresholds(labels, thresholds, { digits: 4 }));
    return {
      metrics: { accuracy, micro_f1: micro.f1, macro_f1: macro.f1, weighted_f1: weighted.f1, ...ofScores },
      mainMetric: multiLabel ? 'micro_f1' : 'accuracy',
      ...(thresholds && { thresholds: byLabel(labels, thresholds) }),
      report: `${formatClassificationReport(report, { digits: 4 })}\n${lines.join('\n')}`,
    };
  }
}

const byLabel = (labels: readonly string[], thresholds: readonly { readonly threshold: number }[]) =>
  Object.fromEntries(labels.map((label, k) => [label, thresholds[k]?.threshold ?? 0.5]));

/** Of values: it keeps two numbers a text. */
export class RegressionCollector implements Collector {
  private readonly references: number[] = [];
  private readonly values: number[] = [];

  constructor(private readonly task: Pick<TextClassification, 'check'>) {}

  add(predictions: readonly (readonly LabelScore[])[], examples: readonly ClassificationExample[]): void {
    this.task.check(examples);
    for (const [i, { label }] of examples.entries()) {
      this.references.push(Number(label));
      this.values.push(((predictions[i] as readonly LabelScore[])[0] as LabelScore).score);
    }
  }

  evaluation(): Evaluation {
    const metrics = { ...regressionReport(this.references, this.values) };
    const report = Object.entries(metrics).map(([name, value]) => `${name.padEnd(12)}${value.toFixed(4)}`);
    return { metrics, mainMetric: 'pearson', report: report.join('\n') };
  }
}
