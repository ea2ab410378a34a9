/** @file Normalized discounted cumulative gain of graded relevance, as scikit-learn computes it. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { checkLengths } from '../statistics/check-lengths.js';

/** Options of {@link ndcgScore}. */
export interface NdcgOptions {
  /** Only the k highest scores count. Default: all. */
  readonly k?: number | undefined;
}

const optionNames = namesOf<NdcgOptions>({ k: true });

/**
 * Normalized discounted cumulative gain of one query: each document's relevance over log2(rank + 1), summed, as a fraction of the sum
 * in the best order; scikit-learn's `ndcg_score`. Documents of equal score share the gains of their ranks. 0 where nothing is relevant.
 *
 * @param relevance how relevant each document is, from 0 on
 * @param scores    the documents' scores, higher is better
 * @throws UserError for lists of different length, empty ones, and numbers that are negative or not finite
 * @example
 * ndcgScore([10, 0, 0, 1, 5], [0.1, 0.2, 0.3, 4, 70])   // 0.6956940443813076
 */
export function ndcgScore(relevance: readonly number[], scores: readonly number[], options: NdcgOptions = {}): number {
  checkOptionNames(options, optionNames, 'ndcgScore');
  const { k = relevance.length } = options;
  checkLengths('ndcgScore', relevance, scores);
  if (!Number.isInteger(k) || k < 1) throw new UserError(`ndcgScore: k is ${k}; expected a whole number from 1`);
  for (const [i, value] of relevance.entries()) {
    if (!(value >= 0 && Number.isFinite(value)))
      throw new UserError(`ndcgScore: relevance ${i} is ${value}; expected a number from 0`);
    if (!Number.isFinite(scores[i]))
      throw new UserError(`ndcgScore: score ${i} is ${scores[i]}; expected a finite number`);
  }
  const best = [...relevance].sort((a, b) => b - a).reduce((sum, gain, rank) => sum + gain * discount(rank, k), 0);
  return best === 0 ? 0 : gainOf(relevance, scores, k) / best;
}

const discount = (rank: number, k: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0);

/** The discounted gain of documents by their scores: those of equal score have the mean of their gains. */
function gainOf(relevance: readonly number[], scores: readonly number[], k: number): number {
  const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let sum = 0;
  for (let from = 0; from < order.length; ) {
    let [to, gains, discounts] = [from, 0, 0];
    for (; to < order.length && scores[order[to] as number] === scores[order[from] as number]; to++) {
      gains += relevance[order[to] as number] as number;
      discounts += discount(to, k);
    }
    sum += (gains / (to - from)) * discounts;
    from = to;
  }
  return sum;
}
