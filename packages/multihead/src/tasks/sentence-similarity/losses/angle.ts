/**
 * @file AnglE (Li and Li 2023): CoSENT's order by a similarity of angles, whose gradient does not vanish where the cosine's does.
 */
import { l2Normalize } from '../../../nn/layers/pooling.js';
import { concatenate } from '../../../tensor/factories.js';
import { range } from '../../../tensor/operators/sources.js';
import { type Dimension, product } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { cosentOptions, orderLoss } from './cosent.js';
import { defineSimilarityLoss } from './similarity-loss.js';

/**
 * As CoSENT, with |cos + sin| of the pair; in the sine, dimension i goes with dimension i + size / 2. An anchor makes a pair of
 * label 1 with its positive, and one of label 0 with each of its negatives.
 */
export const angle = defineSimilarityLoss({
  name: 'angle',
  description: 'as cosent, by the angle of vectors taken as complex numbers; also of positives and negatives',
  data: { texts: { least: 2, most: 2 }, labels: ['scores', 'binary'], withNegatives: true, byOrder: true },
  options: cosentOptions,
  build({ vectors: [anchor, ...others], labels, options: { scale } }) {
    const similarities = others.map((other) => angleSimilarity(anchor as Tensor, other));
    const ofPairs = labels ?? inOneRow(labelsOf(similarities));
    return orderLoss(inOneRow(similarities).mul(scale), ofPairs);
  },
});

/** Columns, each [batch], as one row: [batch * columns]. */
function inOneRow(columns: readonly Tensor[]): Tensor {
  const batch = columns[0]?.shape[0] as Dimension;
  const side = columns.map((each) => each.unsqueeze(1)) as [Tensor, ...Tensor[]];
  return concatenate(side, 1).reshape([product([batch, columns.length])]);
}

/** 1 for each pair with a positive, which is the first, and 0 for those with negatives: each [batch]. */
function labelsOf([positives, ...negatives]: readonly Tensor[]): Tensor[] {
  const zeros = range([], { size: positives?.shape[0] as Dimension })
    .cast('float32')
    .mul(0);
  return [zeros.add(1), ...negatives.map(() => zeros)];
}

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
