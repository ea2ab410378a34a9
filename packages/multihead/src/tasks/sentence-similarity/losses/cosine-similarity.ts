/** @file Cosine similarity (Reimers and Gurevych 2019): the cosine of a pair is to be its score. */
import { z } from 'zod';
import { meanSquaredError } from '../../../nn/losses/losses.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { cosine } from './pair-similarity.js';
import { defineSimilarityLoss } from './similarity-loss.js';

/** The mean of (cos(a, b) - label)^2. */
export const cosineSimilarity = defineSimilarityLoss({
  name: 'cosine-similarity',
  description: 'the cosine of a pair is its score, from 0 (or -1) to 1',
  data: { texts: { least: 2, most: 2 }, labels: ['scores', 'binary'], asCosines: true },
  options: z.object({}),
  build: ({ vectors: [a, b], labels }) => meanSquaredError(cosine(a as Tensor, b as Tensor), labels as Tensor),
});
