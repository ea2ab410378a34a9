/** @file How far predicted numbers are from the right ones, and how well they correlate. */
import { UserError } from '../../platform/errors.js';
import { checkLengths } from '../statistics/check-lengths.js';
import { pairwiseMean, pairwiseSum } from '../statistics/pairwise-sum.js';
import { ranks } from '../statistics/ranks.js';

/** What {@link regressionReport} gives. */
export interface RegressionReport {
  /** Mean squared error: mean((y - x)^2). */
  readonly mse: number;
  /** Root of the mean squared error, in the unit of the references. */
  readonly rmse: number;
  /** Mean absolute error: mean(|y - x|), in the unit of the references. */
  readonly mae: number;
  /** Coefficient of determination; see {@link r2}. */
  readonly r2: number;
  /** Linear correlation; see {@link pearson}. */
  readonly pearson: number;
  /** Correlation of ranks; see {@link spearman}. */
  readonly spearman: number;
}

/**
 * Computes all regression metrics.
 *
 * @param references  the right numbers
 * @param predictions the predicted ones
 * @throws UserError if the numbers of references and predictions differ or are 0, or if one is not finite
 * @example
 * regressionReport([1, 2, 3], [1, 2, 4]).mae   // 0.3333333333333333
 */
export function regressionReport(references: readonly number[], predictions: readonly number[]): RegressionReport {
  checkNumbers('regressionReport', references, predictions);
  const mse = meanSquaredError(references, predictions);
  return {
    mse,
    rmse: Math.sqrt(mse),
    mae: meanAbsoluteError(references, predictions),
    r2: r2(references, predictions),
    pearson: pearson(references, predictions),
    spearman: spearman(references, predictions),
  };
}

/**
 * Mean squared error: mean((prediction - reference)^2).
 *
 * @throws UserError as {@link regressionReport}
 * @example
 * meanSquaredError([1, 2], [1, 4])   // 2
 */
export function meanSquaredError(references: readonly number[], predictions: readonly number[]): number {
  checkNumbers('meanSquaredError', references, predictions);
  return pairwiseMean(differences(references, predictions).map((difference) => difference ** 2));
}

/**
 * Mean absolute error: mean(|prediction - reference|).
 *
 * @throws UserError as {@link regressionReport}
 * @example
 * meanAbsoluteError([1, 2], [1, 4])   // 1
 */
export function meanAbsoluteError(references: readonly number[], predictions: readonly number[]): number {
  checkNumbers('meanAbsoluteError', references, predictions);
  return pairwiseMean(differences(references, predictions).map(Math.abs));
}

/**
 * Coefficient of determination: 1 - sum((y - x)^2) / sum((y - mean(y))^2), where y are the references. 1 is perfect, 0
 * is no better than always predicting the mean.
 *
 * Where the references are all equal it is 1 if all predictions are right, else 0, as in scikit-learn. Of a single
 * example it is NaN.
 *
 * @throws UserError as {@link regressionReport}
 * @example
 * r2([1, 2, 3], [1, 2, 4])   // 0.5
 */
export function r2(references: readonly number[], predictions: readonly number[]): number {
  checkNumbers('r2', references, predictions);
  if (references.length < 2) return Number.NaN;
  const residual = pairwiseSum(differences(references, predictions).map((difference) => difference ** 2));
  const total = pairwiseSum(centred(references).map((deviation) => deviation ** 2));
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}

/**
 * Pearson's correlation coefficient, from -1 to 1: of the deviations from the means, dot(x, y) / (|x| |y|). NaN if one
 * side is constant, where it is not defined.
 *
 * @throws UserError as {@link regressionReport}
 * @example
 * pearson([1, 2, 3], [10, 20, 30])   // 1
 */
export function pearson(references: readonly number[], predictions: readonly number[]): number {
  checkNumbers('pearson', references, predictions);
  if (isConstant(references) || isConstant(predictions)) return Number.NaN;
  const [x, y] = [unit(centred(references)), unit(centred(predictions))];
  const correlation = pairwiseSum(x.map((value, index) => value * (y[index] ?? 0)));
  return Math.max(-1, Math.min(1, correlation));
}

/**
 * Spearman's correlation coefficient: Pearson's of the ranks, equal values sharing the mean of their ranks. NaN if one
 * side is constant.
 *
 * @throws UserError as {@link regressionReport}
 * @example
 * spearman([1, 2, 3], [1, 10, 100])   // 1
 */
export function spearman(references: readonly number[], predictions: readonly number[]): number {
  checkNumbers('spearman', references, predictions);
  return pearson(ranks(references), ranks(predictions));
}

function checkNumbers(metric: string, references: readonly number[], predictions: readonly number[]): void {
  checkLengths(metric, references, predictions);
  for (const [role, values] of Object.entries({ references, predictions })) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new UserError(`${metric}: ${role}[${at}] is ${values[at]}; a finite number was expected`);
  }
}

const isConstant = (values: readonly number[]) => values.every((value) => value === values[0]);

const differences = (references: readonly number[], predictions: readonly number[]) =>
  references.map((reference, index) => (predictions[index] ?? 0) - reference);

function centred(values: readonly number[]): number[] {
  const middle = pairwiseMean(values);
  return values.map((value) => value - middle);
}

/** The values divided by their Euclidean norm. The largest is taken out first, so that no square overflows. */
function unit(values: readonly number[]): number[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = values.map((value) => value / largest);
  const norm = Math.sqrt(pairwiseSum(scaled.map((value) => value ** 2)));
  return scaled.map((value) => value / norm);
}
