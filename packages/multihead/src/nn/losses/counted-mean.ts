/** @file Means in a loss that know what they are taken over, so that accumulated micro-batches make one large batch. */
import type { Tensor } from '../../tensor/tensor.js';
import { nextMeanShare } from '../training-mode.js';

/** Parts of a counted mean in a loss. */
export interface CountedMean {
  /** What the sum is divided by: the count. */
  readonly divisor: Tensor;
  /** The mean as it counts in the loss: by the micro-batch's share of all that the step counts. */
  weigh(mean: Tensor): Tensor;
}

/**
 * A mean in a loss, over a count that depends on the batch alone: tokens, examples, or weights. Several micro-batches a
 * step then give the loss and the gradients of the one batch that they are parts of; parts of a loss that are not built
 * by it count alike in each micro-batch. The losses of this package use it.
 *
 * @param count a float32 scalar made of the batch's labels or other inputs, not of the model's outputs
 * @example
 * const losses = input('losses', 'float32', ['batch_size', 'sequence']);
 * const isToken = input('labels', 'int64', ['batch_size', 'sequence']).less(0).where(0, 1).cast('float32');
 * const { divisor, weigh } = countedMean(isToken.sum());
 * const loss = weigh(losses.mul(isToken).sum().div(divisor));
 */
export function countedMean(count: Tensor): CountedMean {
  const share = nextMeanShare(count);
  if (!share) return { divisor: count, weigh: (mean) => mean };
  // A micro-batch with nothing to count has the share 0: its mean, 0 / 0, would not be 0.
  return { divisor: count.add(share.equal(0).where(1, 0)), weigh: (mean) => mean.mul(share) };
}
