/** @file Outcomes of text ranking. */
import type { RankingExample } from '../../data/examples/ranking/ranking.js';
import { rankingOrder, reciprocalRank } from '../../metrics/ranking/reranking-report.js';
import type { Outcome } from '../outcome.js';

/**
 * Returns the outcomes of an evaluation of rankings: for each query the best document, beside the most relevant one. Of equal
 * scores the last document comes first, as in the metrics.
 *
 * @param from index of the first example, if others came before
 */
export function rankingOutcomes(
  predictions: readonly (readonly number[])[],
  examples: readonly RankingExample[],
  from = 0,
): Outcome[] {
  return examples.map(({ query, documents, labels = [], line }, i) => {
    const scores = predictions[i] as readonly number[];
    const [best = 0] = rankingOrder(scores);
    const most = labels.indexOf(Math.max(...labels));
    const rank = reciprocalRank({ isRelevant: labels.map((label) => label > 0), scores }, documents.length);
    return {
      id: String(line ?? from + i),
      text: query,
      reference: documents[most] ?? '',
      prediction: documents[best] ?? '',
      scores: { reciprocal_rank: rank },
      isMistake: rank < 1,
      badness: 1 - rank,
    };
  });
}

/** The order of mistakes in words: what {@link Outcome.badness} is. */
export const mistakeOrder = 'lowest rank of the first relevant document first';
