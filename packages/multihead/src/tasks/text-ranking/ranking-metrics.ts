/** @file Collects scores of documents and computes the metrics of rankings. */
import type { RankingExample } from '../../data/examples/ranking/ranking.js';
import { ndcgScore } from '../../metrics/ranking/ndcg-score.js';
import { rerankingReport, type ScoredQuery } from '../../metrics/ranking/reranking-report.js';
import type { Evaluation, MetricsCollector } from '../task.js';

/** The ranks that MRR and NDCG count, as in sentence-transformers' CrossEncoderRerankingEvaluator. */
const k = 10;

/** Of each document it keeps the label and the score. */
export class RankingCollector implements MetricsCollector<RankingExample, readonly number[]> {
  private readonly queries: ScoredQuery[] = [];
  private readonly gains: number[] = [];

  add(predictions: readonly (readonly number[])[], examples: readonly RankingExample[]): void {
    for (const [i, { labels = [] }] of examples.entries()) {
      const scores = predictions[i] as readonly number[];
      this.queries.push({ isRelevant: labels.map((label) => label > 0), scores });
      this.gains.push(ndcgScore(labels, scores, { k }));
    }
  }

  evaluation(): Evaluation {
    const { map, mrr } = rerankingReport(this.queries, { k });
    // Of labels 0 and 1 it is the NDCG of the report; of grades it counts them.
    const ndcg = this.gains.reduce((sum, gain) => sum + gain, 0) / this.gains.length;
    const metrics = { map, [`mrr@${k}`]: mrr, [`ndcg@${k}`]: ndcg };
    const report = Object.entries(metrics).map(([name, value]) => `${name.padEnd(12)}${value.toFixed(4)}`);
    return { metrics, mainMetric: `ndcg@${k}`, report: report.join('\n') };
  }
}
