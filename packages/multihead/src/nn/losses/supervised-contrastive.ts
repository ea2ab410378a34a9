/** @file The supervised contrastive loss (Khosla et al. 2020). */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { l2Normalize } from '../layers/pooling.js';
import { countedMean } from './counted-mean.js';

/** Options of {@link supervisedContrastive}. */
export interface SupervisedContrastiveOptions {
  /** What similarities are divided by: the smaller, the more the nearest others count. Default: 0.1. */
  readonly temperature?: number;
}

/** exp of it is 0. */
const hidden = -1e4;

/**
 * Draws vectors of one class together, and those of others apart: with cosines s_ij of vectors i and j, divided by the temperature,
 * and P(i) the others of i's class, the mean over i of
 *
 *     -1 / |P(i)| sum_{p in P(i)} log(exp(s_ip) / sum_{a != i} exp(s_ia))
 *
 * which is L_out of the paper. Vectors that are alone of their class do not count, as in PyTorch Metric Learning's SupConLoss.
 *
 * @param vectors [batch, size], of any length
 * @param labels  [batch] int64
 * @returns a scalar
 * @example
 * const vectors = tensor([[1, 0], [1, 0], [0, 1], [0, 1]]);
 * const labels = tensor([0, 0, 1, 1], { dtype: 'int64' });
 * await supervisedContrastive(vectors, labels, { temperature: 1 }).data(); // Float32Array [0.5514...]
 */
export function supervisedContrastive(
  vectors: Tensor,
  labels: Tensor,
  options: SupervisedContrastiveOptions = {},
): Tensor {
  checkOptionNames(options, ['temperature'], 'supervisedContrastive');
  const { temperature = 0.1 } = options;
  if (!(temperature > 0))
    throw new UserError(`supervisedContrastive: temperature is ${temperature}; it must be above 0`);
  const units = l2Normalize(vectors);
  const places = range([], { size: labels.shape[0] as Dimension });
  const isSelf = places.unsqueeze(1).equal(places.unsqueeze(0)); // [batch, batch]
  const similarities = units.matmul(units.transpose(0, 1), { alpha: 1 / temperature });
  const logProbabilities = isSelf.where(hidden, similarities).logSoftmax(-1);
  const isSame = labels.unsqueeze(1).equal(labels.unsqueeze(0));
  const isPositive = isSelf.where(0, isSame.where(1, 0));
  const positives = isPositive.sum(1); // [batch]
  const losses = isPositive.mul(logProbabilities).sum(1).neg().div(positives.maximum(1));
  const { divisor, weigh } = countedMean(positives.minimum(1).sum());
  return weigh(losses.sum().div(divisor.maximum(1)));
}
