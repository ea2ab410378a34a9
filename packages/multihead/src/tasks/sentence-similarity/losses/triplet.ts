/** @file Triplet loss (Schroff et al. 2015): an anchor is to be nearer to its positive than to its negative, by a margin. */
import { z } from 'zod';
import type { Tensor } from '../../../tensor/tensor.js';
import { meanOverExamples } from './mean-over-examples.js';
import { distance, distanceNames } from './pair-similarity.js';
import { defineSimilarityLoss } from './similarity-loss.js';

/** The mean of max(0, d(anchor, positive) - d(anchor, negative) + margin). */
export const triplet = defineSimilarityLoss({
  name: 'triplet',
  description: 'an anchor is nearer to its positive than to its negative, by a margin',
  data: { texts: { least: 3, most: 3 }, labels: ['none'] },
  options: z.object({
    distance: z.enum(distanceNames).default('euclidean').describe('distance of vectors'),
    margin: z.number().min(0).default(5).describe('difference of the distances from which there is no loss'),
  }),
  build({ vectors, count, options: { distance: name, margin } }) {
    const [anchor, positive, negative] = vectors as readonly [Tensor, Tensor, Tensor];
    const [near, far] = [positive, negative].map((other) => distance(name, anchor, other, 0)) as [Tensor, Tensor];
    return meanOverExamples(near.sub(far).add(margin).relu(), count);
  },
});
