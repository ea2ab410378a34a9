/** @file Softmax (Reimers and Gurevych 2019): a classifier over both vectors of a pair, as of entailment and contradiction. */
import { z } from 'zod';
import { crossEntropy } from '../../../nn/losses/losses.js';
import { concatenate } from '../../../tensor/factories.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { defineSimilarityLoss, type LossParts } from './similarity-loss.js';

const options = z
  .object({
    vectors: z.boolean().default(true).describe('the classifier reads both vectors'),
    difference: z.boolean().default(true).describe('it reads |a - b|'),
    product: z.boolean().default(false).describe('it reads a * b'),
  })
  .refine(({ vectors, difference, product }) => vectors || difference || product, {
    error:
      'loss softmax: vectors, difference and product are all false, so that the classifier has no input; set one of them',
  });

type Options = z.output<typeof options>;

/** Cross-entropy of the classes' scores. The classifier is trained, but not saved. */
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
  scores,
  build: (parts) => crossEntropy(scores(parts), (parts.labels as Tensor).cast('int64')),
});

/** W [a; b; |a - b|; a * b] + c */
function scores({ vectors: both, head, options }: Pick<LossParts<Options>, 'vectors' | 'head' | 'options'>): Tensor {
  const { vectors, difference, product } = options;
  const [a, b] = both as readonly [Tensor, Tensor];
  const read = [...(vectors ? [a, b] : []), ...(difference ? [a.sub(b).abs()] : []), ...(product ? [a.mul(b)] : [])];
  return head?.forward(concatenate(read as [Tensor, ...Tensor[]], 1)) as Tensor;
}
