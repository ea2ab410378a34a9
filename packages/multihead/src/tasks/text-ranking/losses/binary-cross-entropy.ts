/** @file Binary cross-entropy: each document by itself is relevant or not. */
import { z } from 'zod';
import { countedMean } from '../../../nn/losses/counted-mean.js';
import { defineRankingLoss } from './ranking-loss.js';

/** The mean over documents of softplus(x) - x y, positives weighted: BinaryCrossEntropyLoss of sentence-transformers. */
export const binaryCrossEntropy = defineRankingLoss({
  name: 'binary-cross-entropy',
  description: 'each document by itself is relevant or not; labels from 0 to 1',
  isListwise: false,
  greatestLabel: 1,
  options: z.object({ posWeight: z.number().gt(0).default(1).describe('weight of positives in the loss') }),
  build({ scores, labels, mask, options: { posWeight } }) {
    // -(w y log s(x) + (1 - y) log(1 - s(x))), where -log s(x) = softplus(-x) and -log(1 - s(x)) = softplus(x)
    const positive = scores.neg().softplus().mul(labels).mul(posWeight);
    const negative = scores.softplus().mul(labels.neg().add(1));
    const { divisor, weigh } = countedMean(mask.sum());
    return weigh(positive.add(negative).mul(mask).sum().div(divisor));
  },
});
