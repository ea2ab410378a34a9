/** @file Losses, equal to PyTorch's of the same names with `reduction='mean'`. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { tensor } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import { countedMean } from './counted-mean.js';

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Positions with this label do not count. */
  readonly ignoreIndex?: number;
  /** Share of the probability that is spread evenly over all classes (Szegedy et al. 2016). */
  readonly labelSmoothing?: number;
  /** A weight for each class; the mean is taken over the weights of the labels. */
  readonly classWeights?: readonly number[];
}

const crossEntropyOptionNames = namesOf<CrossEntropyOptions>({
  ignoreIndex: true,
  labelSmoothing: true,
  classWeights: true,
});

/**
 * Cross-entropy of class scores: the mean over positions of -w_y log softmax(logits)_y.
 *
 * With smoothing e over C classes: (1 - e) times that, plus e / C times the sum over all classes c of -w_c log p_c.
 *
 * @param logits [..., classes]
 * @param labels [...] int64
 * @returns a scalar
 * @example
 * const labels = tensor([0, 1], { dtype: 'int64' });
 * await crossEntropy(tensor([[2, 0], [0, 2]]), labels).data(); // Float32Array [0.1269...]
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptionNames(options, crossEntropyOptionNames, 'crossEntropy');
  const { ignoreIndex = -100, labelSmoothing = 0, classWeights } = options;
  const classes = logits.shape.at(-1) as number;
  if (classWeights && classWeights.length !== classes) {
    throw new UserError(`crossEntropy: ${classWeights.length} class weights were given for ${classes} classes`);
  }
  const ignored = labels.equal(ignoreIndex);
  const safeLabels = ignored.where(0, labels); // any class will do: its weight below is zero
  const weights = classWeights && tensor([...classWeights]);
  const weight = ignored.where(0, weights ? weights.gather(safeLabels) : tensor(1));
  const { divisor, weigh } = countedMean(weight.sum());
  const loss = logits.logLikelihood(safeLabels).mul(weight).sum().div(divisor).neg();
  if (labelSmoothing === 0) return weigh(loss);
  const logProbabilities = logits.logSoftmax(-1);
  const weighted = weights ? logProbabilities.mul(weights) : logProbabilities;
  const everyClass = ignored.where(0, weighted.sum(-1)).sum().div(divisor).neg();
  return weigh(loss.mul(1 - labelSmoothing).add(everyClass.mul(labelSmoothing / classes)));
}

/**
 * Binary cross-entropy of scores, the mean over all elements: softplus(x) - x y, which is -y log s(x) - (1 - y) log(1 -
 * s(x)) without overflow.
 *
 * @param logits [...]
 * @param labels the same shape, float32, 0 or 1 (or between)
 * @example
 * await binaryCrossEntropyWithLogits(tensor([0, 0]), tensor([0, 1])).data(); // Float32Array [0.6931...]
 */
export function binaryCrossEntropyWithLogits(logits: Tensor, labels: Tensor): Tensor {
  return countedMean(elementsOf(labels)).weigh(logits.softplus().sub(logits.mul(labels)).mean());
}

/**
 * The mean of (x - y)^2 over all elements; both in the same shape.
 *
 * @example
 * await meanSquaredError(tensor([1, 2]), tensor([1, 4])).data(); // Float32Array [2]
 */
export function meanSquaredError(x: Tensor, y: Tensor): Tensor {
  const difference = x.sub(y);
  return countedMean(elementsOf(y)).weigh(difference.mul(difference).mean());
}

/** The number of all elements. */
const elementsOf = (tensor: Tensor): Tensor => tensor.size(tensor.shape.map((_, axis) => axis));
