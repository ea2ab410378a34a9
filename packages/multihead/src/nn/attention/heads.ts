/** @file Heads: the last axis cut into as many equal parts, each a sequence of its own. */
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** [batch, length, heads * headDim] -> [batch, heads, length, headDim]: a reshape, each head reads its own slice. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, size] = x.shape as [Dimension, Dimension, number];
  return x.reshape([batch, length, heads, size / heads]).permute([0, 2, 1, 3]);
}

/** [batch, heads, length, headDim] -> [batch, length, heads * headDim] */
export function joinHeads(x: Tensor): Tensor {
  const [batch, heads, length, headDim] = x.shape as [Dimension, number, Dimension, number];
  return x.permute([0, 2, 1, 3]).reshape([batch, length, heads * headDim]);
}
