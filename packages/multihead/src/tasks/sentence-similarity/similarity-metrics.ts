/** @file Collects similarities and computes the metrics that go with the form of the examples. */
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import { FormFinder, type SimilarityForm } from '../../data/examples/similarity/similarity-form.js';
import { accuracy } from '../../metrics/classification/accuracy.js';
import { pairedRanksMetrics } from '../../metrics/similarity/paired-ranks.js';
import {
  binaryPairsMetrics,
  type SimilarityMetrics,
  scoredPairsMetrics,
  tripletMetrics,
} from '../../metrics/similarity/similarity-report.js';
import type { VectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import { UserError } from '../../platform/errors.js';
import type { Evaluation, MetricsCollector } from '../task.js';
import type { SimilarityPrediction } from './similarity-prediction.js';

/** Of each example it keeps the similarities and the score; of pairs without scores their vectors. */
export class SimilarityCollector implements MetricsCollector<SimilarityExample, SimilarityPrediction> {
  private readonly form = new FormFinder();
  private readonly scores: number[] = [];
  private readonly similarities: (readonly VectorSimilarity[])[] = [];
  private readonly vectors: (readonly Float32Array[])[] = [];
  private readonly classes: { readonly reference: string; readonly prediction: string }[] = [];

  add(predictions: readonly SimilarityPrediction[], examples: readonly SimilarityExample[]): void {
    for (const [i, example] of examples.entries()) {
      const { similarities, vectors, className } = predictions[i] as SimilarityPrediction;
      this.form.add(example, 'the evaluation examples');
      if (typeof example.label === 'number') this.scores.push(example.label);
      this.similarities.push(similarities);
      if (vectors) this.vectors.push(vectors);
      if (className !== undefined) this.classes.push({ reference: String(example.label), prediction: className });
    }
  }

  evaluation(): Evaluation {
    const form = this.form.form();
    const { labels, texts } = form;
    const { scores, classes } = this;
    if (classes.length === this.similarities.length) return evaluationOf(labelAccuracy(classes), 'accuracy');
    if (labels === 'classes') throw noClassifier();
    const ofPairs = this.similarities.map(([first]) => first as VectorSimilarity);
    if (labels === 'scores') {
      checkScores(form);
      // Of vectors that are all the same there is no correlation: no number, as in sentence-transformers.
      const metrics = { spearman_cosine: Number.NaN, ...scoredPairsMetrics(scores, ofPairs) };
      return evaluationOf(metrics, 'spearman_cosine');
    }
    if (labels === 'binary') {
      const isSimilar = scores.map((score) => score === 1);
      return evaluationOf(binaryPairsMetrics(isSimilar, ofPairs), 'cosine_ap');
    }
    if (texts > 2) return evaluationOf(tripletMetrics(this.similarities), 'cosine_accuracy');
    return evaluationOf(pairedRanksMetrics(this.vectors), 'cosine_accuracy@1');
  }
}

/** The accuracy of the loss's classifier, as sentence-transformers' LabelAccuracyEvaluator has it. */
const labelAccuracy = (classes: readonly { readonly reference: string; readonly prediction: string }[]) => ({
  accuracy: accuracy(
    classes.map(({ reference }) => reference),
    classes.map(({ prediction }) => prediction),
  ),
});

function evaluationOf(metrics: SimilarityMetrics, mainMetric: string): Evaluation {
  const width = Math.max(...Object.keys(metrics).map(({ length }) => length)) + 2;
  const report = Object.entries(metrics).map(([name, value]) => `${name.padEnd(width)}${value.toFixed(4)}`);
  return { metrics, mainMetric, report: report.join('\n') };
}

/**
 * Checks that scores of evaluation examples differ.
 *
 * @throws UserError where all are the same: nothing correlates with them
 */
export function checkScores({ range: [least, most] = [0, 1] }: SimilarityForm): void {
  if (least < most) return;
  throw new UserError(`the evaluation examples all have the score ${least}; a correlation needs different scores`);
}

/** The error of an evaluation by classes without what tells them. */
export const noClassifier = (): UserError =>
  new UserError(
    'the labels of the evaluation examples are names of classes. What tells classes is the classifier of the loss softmax, ' +
      'which is there while it is trained, and is not saved. Vectors are evaluated by scores, by labels 0 and 1, or by triplets',
  );
