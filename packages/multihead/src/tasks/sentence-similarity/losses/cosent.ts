/** @file CoSENT (Su 2022): of any two pairs of the batch, the one with the higher score is to have the higher cosine. */
import { z } from 'zod';
import { detach } from '../../../tensor/operators/elementwise.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { cosine } from './pair-similarity.js';
import { defineSimilarityLoss } from './similarity-loss.js';

export const cosentOptions = z.object({
  scale: z.number().gt(0).default(20).describe('factor of the similarities: 1 / temperature'),
});

/** log(1 + the sum over pairs i, j with label_i < label_j of exp(scale * (cos_i - cos_j))) */
export const cosent = defineSimilarityLoss({
  name: 'cosent',
  description: 'pairs with higher scores have higher cosines; only the order of the scores counts',
  data: { texts: { least: 2, most: 2 }, labels: ['scores', 'binary'], usualFor: ['scores'], byOrder: true },
  options: cosentOptions,
  build: ({ vectors: [a, b], labels, options: { scale } }) =>
    orderLoss(cosine(a as Tensor, b as Tensor).mul(scale), labels as Tensor),
});

/** exp of it is 0. */
const hidden = -1e4;

/** The loss of similarities whose order is not that of the labels; both [batch]. */
export function orderLoss(similarities: Tensor, labels: Tensor): Tensor {
  const differences = similarities.unsqueeze(1).sub(similarities.unsqueeze(0)); // [batch, batch]
  const counts = labels.unsqueeze(1).less(labels.unsqueeze(0));
  // log(1 + sum exp(x)) without overflow: with the largest x, or 0, taken out of the sum.
  const top = detach([counts.where(differences, 0).max()], {});
  // What does not count is hidden before exp, which might overflow there.
  const sum = counts.where(differences.sub(top), hidden).exp().sum();
  return top.neg().exp().add(sum).log().add(top);
}
