/** @file From vectors of tokens to one vector of a text, and vectors of length 1. */
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** No text has fewer tokens; keeps the division defined for a row of padding alone, which becomes zeros. */
const leastTokens = 1e-9;
/** PyTorch's normalize divides by 1e-12 at least. Before the root, where it also keeps the gradient of zeros finite. */
const leastSquare = 1e-24;
/** Below all hidden states; -inf would make NaN of a row of padding alone. */
const lowest = -3.4028234663852886e38;

/**
 * The mean over a text's tokens, padding left out (Reimers and Gurevych 2019): sum_t mask_t h_t / sum_t mask_t
 *
 * @param hidden        [batch, sequence, hiddenSize]
 * @param attentionMask int64 [batch, sequence], 1 for tokens and 0 for padding
 * @returns [batch, hiddenSize]
 * @example
 * const vectors = l2Normalize(meanPooling(hidden, attentionMask)); // [batch, hiddenSize]
 */
export function meanPooling(hidden: Tensor, attentionMask: Tensor): Tensor {
  const mask = attentionMask.cast('float32').unsqueeze(2); // [batch, sequence, 1]
  return hidden.mul(mask).sum(1).div(mask.sum(1).maximum(leastTokens));
}

/**
 * The largest value of each dimension over a text's tokens, padding left out.
 *
 * @param hidden        [batch, sequence, hiddenSize]
 * @param attentionMask int64 [batch, sequence], 1 for tokens and 0 for padding
 * @returns [batch, hiddenSize]
 * @example
 * const vectors = maxPooling(hidden, attentionMask); // [batch, hiddenSize]
 */
export function maxPooling(hidden: Tensor, attentionMask: Tensor): Tensor {
  return attentionMask.equal(0).unsqueeze(2).where(lowest, hidden).max(1);
}

/**
 * The hidden state of a text's last token, wherever its padding is: for models whose tokens see only what stands before them.
 *
 * @param hidden        [batch, sequence, hiddenSize]
 * @param attentionMask int64 [batch, sequence], 1 for tokens and 0 for padding
 * @returns [batch, hiddenSize]
 * @example
 * const vectors = lastTokenPooling(hidden, attentionMask); // [batch, hiddenSize]
 */
export function lastTokenPooling(hidden: Tensor, attentionMask: Tensor): Tensor {
  const places = range([], { size: hidden.shape[1] as Dimension })
    .cast('float32')
    .unsqueeze(0); // [1, sequence]
  const last = places.mul(attentionMask.cast('float32')).max(1, { keepDims: true }); // [batch, 1]
  return hidden.mul(places.equal(last).cast('float32').unsqueeze(2)).sum(1);
}

/**
 * x / |x| over the last axis, of Euclidean length 1; zeros stay zeros. x: [..., size] -> [..., size]
 *
 * @example
 * await l2Normalize(tensor([3, 4])).data(); // Float32Array [0.6, 0.8]
 */
export function l2Normalize(x: Tensor): Tensor {
  return x.div(x.mul(x).sum(-1, { keepDims: true }).maximum(leastSquare).sqrt());
}
