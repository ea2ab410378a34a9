/**
 * @file Matryoshka representation learning (Kusupati et al. 2022): the loss of the first dimensions of the vectors, for several
 *   numbers of dimensions, so that vectors may be truncated to them.
 */
import { l2Normalize } from '../../../nn/layers/pooling.js';
import { UserError } from '../../../platform/errors.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** Numbers of dimensions, with the weight of each in the loss. */
export interface Matryoshka {
  /**
   * The loss is computed for exactly these, as by MatryoshkaLoss of sentence-transformers. Include the full size: dimensions
   * beyond the largest number are not trained.
   */
  readonly dimensions: readonly number[];
  /** Default: 1 each. */
  readonly weights?: readonly number[] | undefined;
}

/**
 * The sum over the given numbers of dimensions d of weight_d times the loss of the vectors' first d elements, normalized.
 *
 * @param build the loss of vectors
 */
export function matryoshkaLoss(
  { dimensions, weights = dimensions.map(() => 1) }: Matryoshka,
  vectors: readonly Tensor[],
  build: (vectors: readonly Tensor[]) => Tensor,
): Tensor {
  const size = vectors[0]?.shape.at(-1) as number;
  if (weights.length !== dimensions.length) {
    throw new UserError(`matryoshka: ${weights.length} weights for ${dimensions.length} dimensions`);
  }
  const tooMany = dimensions.find((count) => count > size);
  if (tooMany !== undefined)
    throw new UserError(`matryoshka: ${tooMany} dimensions, but the model's vectors have ${size}`);
  const losses = dimensions.map((count, i) => {
    const cut = vectors.map((vector) => l2Normalize(vector.slice(1, 0, count)));
    return build(cut).mul(weights[i] as number);
  });
  return losses.reduce((sum, loss) => sum.add(loss));
}
