/**
 * @file Multiple negatives ranking (Henderson et al. 2017; InfoNCE, van den Oord et al. 2018): among the texts of the whole batch,
 *   each anchor is to find its own positive.
 */
import { z } from 'zod';
import { l2Normalize } from '../../../nn/layers/pooling.js';
import { concatenate } from '../../../tensor/factories.js';
import { range } from '../../../tensor/operators/sources.js';
import { type Dimension, product } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { meanOverExamples } from './mean-over-examples.js';
import { defineSimilarityLoss } from './similarity-loss.js';

const options = z.object({
  scale: z.number().gt(0).default(20).describe('factor of the similarities: 1 / temperature'),
  similarity: z.enum(['cosine', 'dot']).default('cosine').describe('similarity of vectors'),
  symmetric: z
    .boolean()
    .default(false)
    .describe('also let each positive find its anchor, and take the mean of both losses'),
});

/** The mean over anchors i of -log softmax_j(scale * sim(anchor_i, text_j))_i, over all positives and negatives of the batch. */
export const multipleNegativesRanking = defineSimilarityLoss({
  name: 'multiple-negatives-ranking',
  description: 'each anchor finds its positive among all texts of the batch; hard negatives may come with it',
  data: { texts: { least: 2, most: 64 }, labels: ['none'], usualFor: ['none'], inBatch: true },
  options,
  build({ vectors, count, options: { scale, similarity, symmetric } }) {
    const [anchors, ...others] = similarity === 'cosine' ? vectors.map(l2Normalize) : vectors;
    const batch = (anchors as Tensor).shape[0] as Dimension;
    const size = (anchors as Tensor).shape[1] as Dimension;
    // [batch, 1 + negatives, size]: of example i, text k is number i * (1 + negatives) + k.
    const side = others.map((each) => each.unsqueeze(1)) as [Tensor, ...Tensor[]];
    const texts = concatenate(side, 1).reshape([product([batch, others.length]), size]);
    const scores = (anchors as Tensor).matmul(texts.transpose(0, 1), { alpha: scale }); // [batch, texts]
    const places = range([], { size: batch });
    const positives = others.length === 1 ? places : times(places, others.length);
    const forward = meanOverExamples(scores.logLikelihood(positives).neg(), count);
    if (!symmetric) return forward;
    const back = (others[0] as Tensor).matmul((anchors as Tensor).transpose(0, 1), { alpha: scale });
    return forward.add(meanOverExamples(back.logLikelihood(places).neg(), count)).mul(0.5);
  },
});

/** Whole numbers times a factor. */
const times = (numbers: Tensor, factor: number): Tensor => numbers.cast('float32').mul(factor).cast('int64');
