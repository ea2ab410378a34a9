/** @file How well a few documents of each query were put into order, as sentence-transformers' CrossEncoderRerankingEvaluator says. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { averagePrecision } from '../classification/average-precision.js';
import { checkLengths } from '../statistics/check-lengths.js';
import { ndcgScore } from './ndcg-score.js';

/** The documents of a query. */
export interface ScoredQuery {
  readonly isRelevant: readonly boolean[];
  readonly scores: readonly number[];
}

/** Options of {@link rerankingReport}. */
export interface RerankingOptions {
  /** The ranks that MRR and NDCG count. Default: 10. */
  readonly k?: number | undefined;
}

const optionNames = namesOf<RerankingOptions>({ k: true });

/** Means over all queries; a query without a relevant document counts 0. */
export interface RerankingReport {
  /** Mean average precision of all ranks. */
  readonly map: number;
  /** Mean of 1 / rank of the first relevant document. */
  readonly mrr: number;
  readonly ndcg: number;
}

/**
 * Mean average precision, mean reciprocal rank and NDCG of scored documents.
 *
 * @throws UserError for no queries, and one without documents
 * @example
 * rerankingReport([{ isRelevant: [true, false], scores: [0.2, 0.9] }]).mrr   // 0.5
 */
export function rerankingReport(queries: readonly ScoredQuery[], options: RerankingOptions = {}): RerankingReport {
  checkOptionNames(options, optionNames, 'rerankingReport');
  const { k = 10 } = options;
  if (!Number.isInteger(k) || k < 1) throw new UserError(`rerankingReport: k is ${k}; expected a whole number from 1`);
  checkLengths('rerankingReport', queries, queries);
  const mean = (of: (query: ScoredQuery) => number) =>
    queries.reduce((sum, query) => sum + of(query), 0) / queries.length;
  return {
    map: mean(({ isRelevant, scores }) => averagePrecision(isRelevant, scores)),
    mrr: mean((query) => reciprocalRank(query, k)),
    ndcg: mean(({ isRelevant, scores }) => ndcgScore(isRelevant.map(Number), scores, { k })),
  };
}

/**
 * The documents in the order of their scores, highest first. Of equal scores the last document comes first, so that relevant
 * documents that are listed first gain nothing by a tie.
 */
export const rankingOrder = (scores: readonly number[]): number[] =>
  [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || b - a);

/** 1 / rank of the first relevant document; 0 where none is among the first k. */
export function reciprocalRank({ isRelevant, scores }: ScoredQuery, k: number): number {
  const rank = rankingOrder(scores)
    .slice(0, k)
    .findIndex((i) => isRelevant[i]);
  return rank < 0 ? 0 : 1 / (rank + 1);
}
