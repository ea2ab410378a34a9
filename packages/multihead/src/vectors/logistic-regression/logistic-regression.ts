/**
 * @file Logistic regression on vectors, such as frozen ones of sentences: the least mean of cross-entropies plus |W|^2 / (2 n C), as
 *   scikit-learn's LogisticRegression. ONNX Runtime computes the cross-entropies and their gradients, L-BFGS the steps.
 */
import { createEngine } from '#engine';
import type { TensorValue } from '../../engine/engine.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { writeModel } from '../../onnx/model.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { showValue } from '../../platform/show-value.js';
import { concatenate, tensor } from '../../tensor/factories.js';
import { gradient } from '../../tensor/gradient.js';
import { input, parameter } from '../../tensor/operators/sources.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkCount, checkFinite, type VectorRows, type Vectors, vectorsOf } from '../vectors.js';
import { lbfgs, type Slope } from './lbfgs.js';

/** Options of {@link fitLogisticRegression}. */
export interface LogisticRegressionOptions {
  /** Number of classes. Default: the greatest label + 1. */
  readonly classes?: number | undefined;
  /** Inverse strength of the regularization (scikit-learn's C). Default: 1. */
  readonly inverseStrength?: number | undefined;
  /** Ends where no element of the gradient of the mean loss is larger. Default: 1e-7. */
  readonly tolerance?: number | undefined;
  /** Default: 1000. */
  readonly maxIterations?: number | undefined;
}

const optionNames = namesOf<LogisticRegressionOptions>({
  classes: true,
  inverseStrength: true,
  tolerance: true,
  maxIterations: true,
});

/** A linear classifier: the logits of a vector x are W x + b. */
export interface LogisticRegression {
  /** W: [classes, size] */
  readonly coefficients: Float32Array;
  /** b: [classes] */
  readonly intercepts: Float32Array;
  readonly iterations: number;
  /** Whether the minimum was reached: within `maxIterations`, and with a step down at each, which extremely long vectors may not have. */
  readonly hasConverged: boolean;
}

/**
 * Fits a logistic regression, with scikit-learn's coefficients: the minimum, by L-BFGS (Nocedal 1980), of
 *
 *     mean_i(-log softmax(W x_i + b)[label_i]) + |W|^2 / (2 count C)
 *
 * Of two classes the first has the logit 0.
 *
 * @param given   vectors x: [count, size], or rows of numbers
 * @param labels  the class of each vector, from 0: [count]
 * @returns W: [classes, size] and b: [classes]
 * @throws UserError for labels that are not as many as the vectors, no classes, or all the same; for data that does not fit its
 *   shape, and vectors with NaN or infinity; for `classes` below 2, `maxIterations` below 1 and an `inverseStrength` that is not
 *   above 0
 * @example
 * const vectors = { dtype: 'float32', data: Float32Array.of(0, 1, 2, 3), shape: [4, 1] } as const;
 * const { coefficients, intercepts } = await fitLogisticRegression(vectors, [0, 0, 1, 1]);
 */
export async function fitLogisticRegression(
  given: Vectors | VectorRows,
  labels: ArrayLike<number>,
  options: LogisticRegressionOptions = {},
): Promise<LogisticRegression> {
  checkOptionNames(options, optionNames, 'fitLogisticRegression');
  const { inverseStrength = 1, tolerance = 1e-7, maxIterations = 1000 } = options;
  const vectors = vectorsOf(given);
  checkFinite(vectors, 'fitLogisticRegression');
  const classes = checkLabels(Array.from(labels), vectors.shape[0], options.classes);
  checkCount('maxIterations', maxIterations);
  if (!(inverseStrength > 0)) throw new UserError(`inverseStrength is ${inverseStrength}; it must be above 0`);
  const [count, size] = vectors.shape;
  // Two classes differ by one logit: a row of weights for each would be twice as strongly regularized.
  const rows = classes === 2 ? 1 : classes;
  const strength = 1 / (inverseStrength * count);
  const engine = createEngine();
  try {
    await engine.load('loss', lossGraph({ count, size, rows, labels: Array.from(labels) }));
    const places = [{ name: 'vectors', shape: [count, size], offset: 0, length: count * size }];
    await engine.adoptParameters({ data: vectors.data.slice(), places });
    const at = async (point: Float64Array): Promise<Slope> => {
      const weights: TensorValue = {
        dtype: 'float32',
        shape: [rows, size],
        data: Float32Array.from(point.subarray(0, rows * size)),
      };
      const bias: TensorValue = {
        dtype: 'float32',
        shape: [rows],
        data: Float32Array.from(point.subarray(rows * size)),
      };
      const { loss, ofWeights, ofBias } = (await engine.run('loss', { weights, bias })) as Record<string, TensorValue>;
      const found = new Float64Array(point.length);
      found.set(ofWeights?.data as Float32Array);
      found.set(ofBias?.data as Float32Array, rows * size);
      let squares = 0;
      for (let i = 0; i < rows * size; i++) {
        const x = point[i] as number;
        squares += x * x;
        found[i] = (found[i] as number) + strength * x;
      }
      return { value: Number((loss as TensorValue).data[0]) + (strength * squares) / 2, gradient: found };
    };
    const { point, iterations, hasConverged } = await lbfgs(at, new Float64Array(rows * (size + 1)), {
      tolerance,
      maxIterations,
    });
    const coefficients = new Float32Array(classes * size);
    const intercepts = new Float32Array(classes);
    coefficients.set(point.subarray(0, rows * size), (classes - rows) * size);
    intercepts.set(point.subarray(rows * size), classes - rows);
    return { coefficients, intercepts, iterations, hasConverged };
  } finally {
    await engine.close();
  }
}

/** The mean cross-entropy and its gradients, of the weights and biases that each run is given. */
function lossGraph({
  count,
  size,
  rows,
  labels,
}: {
  count: number;
  size: number;
  rows: number;
  labels: readonly number[];
}) {
  const vectors = parameter([], { name: 'vectors', shape: [count, size] });
  const weights = input([], { name: 'weights', dtype: 'float32', shape: [rows, size] });
  const bias = input([], { name: 'bias', dtype: 'float32', shape: [rows] });
  const scores = vectors.linear(weights, bias);
  const logits = rows === 1 ? concatenate([scores.mul(0), scores], 1) : scores;
  const loss = crossEntropy(logits, tensor([...labels], { dtype: 'int64' }));
  const [ofWeights, ofBias] = gradient(loss, [weights, bias]) as [Tensor, Tensor];
  return writeModel({ loss, ofWeights, ofBias });
}

/** Checks the labels, and returns the number of classes. */
function checkLabels(labels: readonly unknown[], count: number, classes: number | undefined): number {
  if (labels.length !== count || count === 0) {
    throw new UserError(`fitLogisticRegression: ${labels.length} labels for ${count} vectors; expected one of each`);
  }
  if (classes !== undefined) checkCount('classes', classes, 2);
  // Without `classes`, a label beyond the number of vectors is hardly an index.
  const end = classes ?? Math.max(2, count);
  const wrong = labels.findIndex((label) => !(Number.isInteger(label) && Number(label) >= 0 && Number(label) < end));
  if (wrong >= 0) {
    const hint = classes === undefined ? ': the index of a class; with more classes than vectors, give `classes`' : '';
    throw new UserError(
      `fitLogisticRegression: label ${wrong} is ${showValue(labels[wrong])}; expected a whole number from 0 to ${end - 1}${hint}`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    throw new UserError(`fitLogisticRegression: every label is ${labels[0]}; expected labels of two classes or more`);
  }
  return classes ?? Math.max(2, ...(labels as readonly number[]).map((label) => label + 1));
}
