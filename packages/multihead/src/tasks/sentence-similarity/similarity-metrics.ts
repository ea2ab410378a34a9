/** @file Collects similarities and computes the metrics that go with the form of the examples. */
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import { FormFinder } from '../../data/examples/similarity/similarity-form.js';
import { pairedRanksMetrics } from '../../metrics/similarity/paired-ranks.js';
import {
  binaryPairsMetrics,
  type SimilarityMetrics,
  scoredPairsMetrics,
  tripletMetrics,
} from '../../metrics/similarity/similarity-report.js';
import type { VectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import type { Evaluation, MetricsCollector } from '../task.js';
import type { SimilarityPrediction } from './sentence-similarity.js';

/** Of each example it keeps the similarities and the score; of pairs without scores their vectors. */
export class SimilarityCollector implements MetricsCollector<SimilarityExample, SimilarityPrediction> {
  private readonly form = new FormFinder();
  private readonly scores: number[] = [];
  private readonly similarities: (readonly VectorSimilarity[])[] = [];
  private readonly vectors: (readonly Float32Array[])[] = [];

  add(predictions: readonly SimilarityPrediction[], examples: readonly SimilarityExample[]): void {
    for (const [i, example] of examples.entries()) {
      const { similarities, vectors } = predictions[i] as SimilarityPrediction;
      this.form.add(example, 'the evaluation examples');
      if (typeof example.label === 'number') this.scores.push(example.label);
      this.similarities.push(similarities);
      if (vectors) this.vectors.push(vectors);
    }
  }

  evaluation(): Evaluation {
    const { labels, texts } = this.form.form();
    const { scores } = this;
    const ofPairs = this.similarities.map(([first]) => first as VectorSimilarity);
    if (labels === 'scores') return evaluationOf(scoredPairsMetrics(scores, ofPairs), 'spearman_cosine');
    if (labels === 'binary') {
      const isSimilar = scores.map((score) => score === 1);
      return evaluationOf(binaryPairsMetrics(isSimilar, ofPairs), 'cosine_ap');
    }
    if (texts > 2) return evaluationOf(tripletMetrics(this.similarities), 'cosine_accuracy');
    return evaluationOf(pairedRanksMetrics(this.vectors), 'cosine_accuracy@1');
  }
}

function evaluationOf(metrics: SimilarityMetrics, mainMetric: string): Evaluation {
  const width = Math.max(...Object.keys(metrics).map(({ length }) => length)) + 2;
  const report = Object.entries(metrics).map(([name, value]) => `${name.padEnd(width)}${value.toFixed(4)}`);
  return { metrics, mainMetric, report: report.join('\n') };
}
