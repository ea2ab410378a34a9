/** @file Collects scores of documents and computes the metrics of rankings. */
import type { RankingExample } from '../../data/examples/ranking/ranking.js';
import { averagePrecision } from '../../metrics/classification/average-precision.js';
import { ndcgScore } from '../../metrics/ranking/ndcg-score.js';
import { reciprocalRank } from '../../metrics/ranking/reranking-report.js';
import { UserError } from '../../platform/errors.js';
import type { Evaluation, MetricsCollector } from '../task.js';

/** The ranks that MRR and NDCG count, as in sentence-transformers' CrossEncoderRerankingEvaluator. */
const k = 10;

/** The sums of the metrics over queries. NDCG counts grades, as ndcgScore does; in the others, labels above 0 are relevant. */
export class RankingCollector implements MetricsCollector<RankingExample, readonly number[]> {
  private readonly sums = { map: 0, mrr: 0, ndcg: 0 };
  private queries = 0;

  add(predictions: readonly (readonly number[])[], examples: readonly RankingExample[]): void {
    const { sums } = this;
    for (const [i, { labels = [] }] of examples.entries()) {
      const scores = predictions[i] as readonly number[];
      const isRelevant = labels.map((label) => label > 0);
      sums.map += averagePrecision(isRelevant, scores);
      sums.mrr += reciprocalRank({ isRelevant, scores }, k);
      sums.ndcg += ndcgScore(labels, scores, { k });
    }
    this.queries += examples.length;
  }

  evaluation(): Evaluation {
    const { sums, queries } = this;
    if (queries === 0) throw new UserError('text-ranking: no queries, so nothing to measure');
    const metrics = { map: sums.map / queries, [`mrr@${k}`]: sums.mrr / queries, [`ndcg@${k}`]: sums.ndcg / queries };
    const report = Object.entries(metrics).map(([name, value]) => `${name.padEnd(12)}${value.toFixed(4)}`);
    return { metrics, mainMetric: `ndcg@${k}`, report: report.join('\n') };
  }
}
