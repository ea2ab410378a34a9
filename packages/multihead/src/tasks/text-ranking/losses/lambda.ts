/**
 * @file LambdaLoss (Wang et al. 2018): of any two documents of a query, the more relevant one is to have the higher score; a pair
 *   weighs as much as its order matters for NDCG. LambdaLoss of sentence-transformers.
 */
import { z } from 'zod';
import { countedMean } from '../../../nn/losses/counted-mean.js';
import { detach } from '../../../tensor/operators/elementwise.js';
import { range } from '../../../tensor/operators/sources.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { defineRankingLoss } from './ranking-loss.js';

const options = z.object({
  weighting: z
    .enum(['none', 'lambda-rank', 'ndcg-loss2', 'ndcg-loss2++'])
    .default('ndcg-loss2++')
    .describe('weight of a pair of documents'),
  k: z
    .int()
    .min(1)
    .optional()
    .describe('ranks that count: one document of a pair at least must be among them (default: all)'),
  sigma: z.number().gt(0).default(1).describe('factor of the difference of two scores'),
  mu: z.number().min(0).default(10).describe('weight of ndcg-loss2 beside lambda-rank in ndcg-loss2++'),
});

/** Of each query's documents [queries, documents], or of pairs of them [queries, documents, documents]. */
interface Ranked {
  /** Ranks by score, from 0. */
  readonly ranks: Tensor;
  /** 2^label - 1, as a share of the best discounted cumulative gain. */
  readonly gains: Tensor;
  readonly mu: number;
}

/** Row i and column j of pairs. */
const first = (x: Tensor): Tensor => x.unsqueeze(2);
const second = (x: Tensor): Tensor => x.unsqueeze(1);
const difference = (x: Tensor): Tensor => first(x).sub(second(x)).abs();
const toNumber = (condition: Tensor): Tensor => condition.cast('float32');
const log2 = (x: Tensor): Tensor => x.log().div(Math.LN2);

/** Weights of pairs. A new one is a row, and a name above. */
const weightings: Record<z.infer<typeof options>['weighting'], (ranked: Ranked) => Tensor> = {
  none: ({ ranks }) => difference(ranks).mul(0).add(1),
  'lambda-rank': ({ ranks, gains }) => difference(discounts(ranks)).mul(difference(gains)),
  'ndcg-loss2': ({ ranks, gains }) => {
    const apart = difference(ranks); // 0 of a document and itself, which is no pair
    const near = apart.maximum(1);
    const step = log2(near.add(1))
      .pow(-1)
      .sub(log2(near.add(2)).pow(-1));
    return step.mul(toNumber(apart.greater(0))).mul(difference(gains));
  },
  'ndcg-loss2++': (ranked) => weightings['ndcg-loss2'](ranked).mul(ranked.mu).add(weightings['lambda-rank'](ranked)),
};

/** 1 / log2(1 + position) of ranks from 0. */
const discounts = (ranks: Tensor): Tensor => log2(ranks.add(2)).pow(-1);

export const lambda = defineRankingLoss({
  name: 'lambda',
  description: 'more relevant documents have higher scores; pairs weigh as much as they matter for NDCG (LambdaLoss)',
  isListwise: true,
  // 2^label, and sums of it, are to be numbers of float32, which ends below 2^128.
  greatestLabel: 100,
  options,
  build({ scores, labels, mask, options: { weighting, k, sigma, mu } }) {
    const ranks = ranksOf(detach([scores], {}), mask);
    const gain = labels.mul(Math.LN2).exp().sub(1);
    const idealRanks = ranksOf(labels, mask);
    const isCounted = k === undefined ? mask : mask.mul(toNumber(idealRanks.less(k)));
    const best = gain.mul(discounts(idealRanks)).mul(isCounted).sum(-1, { keepDims: true }).maximum(1e-10);
    const weights = weightings[weighting]({ ranks, gains: gain.div(best), mu });
    const isOrdered = toNumber(first(labels).greater(second(labels)))
      .mul(first(mask))
      .mul(second(mask));
    const isNear = k === undefined ? undefined : toNumber(ranks.less(k));
    const pairs = isNear ? isOrdered.mul(first(isNear).maximum(second(isNear))) : isOrdered;
    // -log2 of the sigmoid of sigma (s_i - s_j)
    const losses = first(scores).sub(second(scores)).mul(-sigma).softplus().div(Math.LN2);
    const sum = losses.mul(weights).mul(pairs).sum();
    // Micro-batches count by the pairs that their labels make, which the scores do not change.
    return countedMean(isOrdered.sum()).weigh(sum.div(pairs.sum().maximum(1)));
  },
});

/** The rank of each document among its query's, from 0; of equal values the first comes first. */
function ranksOf(values: Tensor, mask: Tensor): Tensor {
  const places = range([], { size: values.shape[1] as string }).cast('float32'); // [documents]
  const isBefore = places.unsqueeze(0).less(places.unsqueeze(1)); // [i, j]: j < i
  const isAbove = second(values)
    .greater(first(values))
    .or(second(values).equal(first(values)).and(isBefore));
  return toNumber(isAbove).mul(second(mask)).sum(-1);
}
