/**
 * @file AnglE (Li and Li 2023): CoSENT's order by a similarity of angles, whose gradient does not vanish where the cosine's does.
 */
import { l2Normalize } from '../../../nn/layers/pooling.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { cosentOptions, orderLoss } from './cosent.js';
import { defineSimilarityLoss } from './similarity-loss.js';

/** As CoSENT, with |cos + sin| of the pair; in the sine, dimension i goes with dimension i + size / 2. */
export const angle = defineSimilarityLoss({
  name: 'angle',
  description: 'as cosent, by the angle of vectors taken as complex numbers',
  data: { texts: { least: 2, most: 2 }, labels: ['scores', 'binary'] },
  options: cosentOptions,
  build: ({ vectors: [a, b], labels, options: { scale } }) =>
    orderLoss(angleSimilarity(a as Tensor, b as Tensor).mul(scale), labels as Tensor),
});

function angleSimilarity(a: Tensor, b: Tensor): Tensor {
  const [x, y] = [l2Normalize(a), l2Normalize(b)];
  const half = Math.ceil((a.shape.at(-1) as number) / 2);
  const cosines = x.mul(y).sum(-1);
  // Of an odd size, the middle dimension goes with a zero, which adds nothing.
  const paired = Math.floor((a.shape.at(-1) as number) / 2);
  const [firstX, firstY] = [x.slice(1, 0, paired), y.slice(1, 0, paired)];
  const [lastX, lastY] = [x.slice(1, half), y.slice(1, half)];
  const sines = lastX.mul(firstY).sub(firstX.mul(lastY)).sum(-1);
  return cosines.add(sines).abs();
}
