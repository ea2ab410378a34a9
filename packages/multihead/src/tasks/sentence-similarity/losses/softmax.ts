/** @file Softmax (Reimers and Gurevych 2019): a classifier over both vectors of a pair, as of entailment and contradiction. */
import { z } from 'zod';
import { crossEntropy } from '../../../nn/losses/losses.js';
import { concatenate } from '../../../tensor/factories.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { defineSimilarityLoss } from './similarity-loss.js';

const options = z.object({
  vectors: z.boolean().default(true).describe('the classifier reads both vectors'),
  difference: z.boolean().default(true).describe('it reads |a - b|'),
  product: z.boolean().default(false).describe('it reads a * b'),
});

/** Cross-entropy of the classes' scores W [a; b; |a - b|; a * b] + c. The classifier is trained, but not saved. */
export const softmax = defineSimilarityLoss({
  name: 'softmax',
  description: 'a classifier tells the class of a pair by both vectors, such as entailment and contradiction',
  data: {
    texts: { least: 2, most: 2 },
    labels: ['classes', 'binary', 'scores'],
    usualFor: ['classes'],
    asClasses: true,
  },
  options,
  headSize: (size, { vectors, difference, product }) =>
    size * (2 * Number(vectors) + Number(difference) + Number(product)),
  build({ vectors: both, labels, head, options: { vectors, difference, product } }) {
    const [a, b] = both as readonly [Tensor, Tensor];
    const read = [...(vectors ? [a, b] : []), ...(difference ? [a.sub(b).abs()] : []), ...(product ? [a.mul(b)] : [])];
    const scores = head?.forward(concatenate(read as [Tensor, ...Tensor[]], 1)) as Tensor;
    return crossEntropy(scores, (labels as Tensor).cast('int64'));
  },
});
