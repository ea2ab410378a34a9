/** @file Losses of probabilities over a query's documents: ListNet, and cross-entropy with the share of each label. */
import { z } from 'zod';
import { countedMean } from '../../../nn/losses/counted-mean.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { defineRankingLoss, type RankingLossParts } from './ranking-loss.js';

/** A score of padding: exp of it is 0. */
const hidden = -1e9;

/** The cross-entropy of the scores' softmax and a distribution over a query's documents, the mean over queries. */
function crossEntropyOf({ scores, mask }: RankingLossParts<unknown>, probabilities: Tensor): Tensor {
  const logProbabilities = mask.greater(0).where(scores, hidden).logSoftmax(-1);
  const losses = mask.greater(0).where(logProbabilities.mul(probabilities), 0).sum(-1).neg();
  return countedMean(mask.size([0])).weigh(losses.mean());
}

/** ListNet (Cao et al. 2007): the softmax of the scores is to be that of the labels. ListNetLoss of sentence-transformers. */
export const listNet = defineRankingLoss({
  name: 'list-net',
  description: 'the softmax of the scores is to be that of the labels',
  isListwise: true,
  options: z.object({}),
  build: (parts) => crossEntropyOf(parts, parts.mask.greater(0).where(parts.labels, hidden).softmax(-1)),
});

/** Cross-entropy of the softmax over a query's documents with the share of each label: of one positive, its log-likelihood. */
export const crossEntropyLoss = defineRankingLoss({
  name: 'cross-entropy',
  description: 'of the documents of a query, the positive is to be the most likely',
  isListwise: true,
  options: z.object({}),
  build(parts) {
    const sum = parts.labels.sum(-1, { keepDims: true });
    // A query without a positive has nothing to learn from: its labels are all 0, and so is its loss.
    return crossEntropyOf(parts, parts.labels.div(sum.add(sum.equal(0).where(1, 0))));
  },
});
