/** @file Contrastive loss (Hadsell et al. 2006): similar pairs are to be near, others at least a margin apart. */
import { z } from 'zod';
import type { Tensor } from '../../../tensor/tensor.js';
import { meanOverExamples } from './mean-over-examples.js';
import { distance, distanceNames } from './pair-similarity.js';
import { defineSimilarityLoss } from './similarity-loss.js';

/** What PyTorch's pairwise_distance adds to each difference. */
const epsilon = 1e-6;

/** Half the mean of label d(a, b)^2 + (1 - label) max(0, margin - d(a, b))^2. */
export const contrastive = defineSimilarityLoss({
  name: 'contrastive',
  description: 'pairs of label 1 are near, pairs of label 0 at least a margin apart',
  data: { texts: { least: 2, most: 2 }, labels: ['binary'], usualFor: ['binary'] },
  options: z.object({
    distance: z.enum(distanceNames).default('cosine').describe('distance of vectors'),
    margin: z.number().gt(0).default(0.5).describe('distance from which pairs of label 0 have no loss'),
  }),
  build({ vectors, labels, count, options: { distance: name, margin } }) {
    const [a, b] = vectors as readonly [Tensor, Tensor];
    const label = labels as Tensor;
    const d = distance(name, a, b, epsilon);
    const apart = d.neg().add(margin).relu();
    const losses = label.mul(d.mul(d)).add(label.neg().add(1).mul(apart.mul(apart)));
    return meanOverExamples(losses.mul(0.5), count);
  },
});
