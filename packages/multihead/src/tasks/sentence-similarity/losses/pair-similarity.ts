/** @file Similarities and distances of pairs of vectors as graphs: [batch, size] and [batch, size] -> [batch]. */
import { l2Normalize } from '../../../nn/layers/pooling.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** The root's gradient at 0 would not be finite; equal vectors have none. */
const leastSquare = 1e-24;

/** a . b / (|a| |b|) */
export const cosine = (a: Tensor, b: Tensor): Tensor => l2Normalize(a).mul(l2Normalize(b)).sum(-1);

/** The distances that losses may use. */
export const distanceNames = ['cosine', 'euclidean', 'manhattan'] as const;

/** The name of a distance. */
export type DistanceName = (typeof distanceNames)[number];

/**
 * The distance of each pair.
 *
 * @param epsilon added to each difference, as PyTorch's pairwise_distance does
 */
export function distance(name: DistanceName, a: Tensor, b: Tensor, epsilon: number): Tensor {
  if (name === 'cosine') return cosine(a, b).neg().add(1);
  const difference = epsilon === 0 ? a.sub(b) : a.sub(b).add(epsilon);
  if (name === 'manhattan') return difference.abs().sum(-1);
  return difference.mul(difference).sum(-1).maximum(leastSquare).sqrt();
}
