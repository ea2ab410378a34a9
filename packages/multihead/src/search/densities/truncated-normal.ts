/**
 * @file The normal distribution between two limits: its mass, density and quantiles, as logarithms, so that they are right far
 * out in the tails, too. As in Optuna's _truncnorm.py, which is SciPy's `truncnorm`.
 */
import { erf, erfc } from './erf.js';

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Logarithm of the standard normal distribution function: log(ndtr(x)). */
export function logNdtr(x: number): number {
  if (x > 0) return Math.log1p(-0.5 * erfc(x / Math.SQRT2));
  if (x > -20) return Math.log(0.5 * erfc(-x / Math.SQRT2));
  // The asymptotic series: 1 - 1/x² + 3/x⁴ - ...
  let [sum, before, term] = [1, 0, 1];
  for (let i = 1; Math.abs(before - sum) > Number.EPSILON; i++) {
    before = sum;
    term *= -(2 * i - 1) / (x * x);
    sum += term;
  }
  return -0.5 * x * x - Math.log(-x) - logRootTwoPi + Math.log(sum);
}

const ndtr = (x: number): number => 0.5 + 0.5 * erf(x / Math.SQRT2);

/** log(exp(p) - exp(q)) */
const logDifference = (p: number, q: number): number => p + Math.log1p(-Math.exp(q - p));

/** log(exp(p) + exp(q)) */
function logSum(p: number, q: number): number {
  const [larger, smaller] = p > q ? [p, q] : [q, p];
  return larger === Number.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(smaller - larger));
}

/** Logarithm of the standard normal mass between two limits. */
export function logMass(low: number, high: number): number {
  if (high <= 0) return logDifference(logNdtr(high), logNdtr(low));
  if (low > 0) return logDifference(logNdtr(-low), logNdtr(-high));
  return Math.log1p(-ndtr(low) - ndtr(-high));
}

/** Logarithm of the standard normal density. */
export const logDensity = (x: number): number => -0.5 * x * x - logRootTwoPi;

/** The number of which {@link logNdtr} is `y`, by Newton's method. */
function inverseLogNdtr(y: number): number {
  const isFlipped = y > -1e-2;
  const z = isFlipped ? Math.log(-Math.expm1(y)) : y;
  let x = z < -5 ? -Math.sqrt(-2 * (z + logRootTwoPi)) : -(Math.sqrt(3) / Math.PI) * Math.log(Math.expm1(-z));
  for (let i = 0; i < 100; i++) {
    const value = logNdtr(x);
    const change = (value - z) * Math.exp(value - logDensity(x));
    x -= change;
    if (Math.abs(change) < 1e-8 * Math.abs(x)) break;
  }
  return isFlipped ? -x : x;
}

/**
 * The quantile of the standard normal distribution between two limits.
 *
 * @param q from 0 to 1
 */
export function quantile(q: number, low: number, high: number): number {
  if (q === 0) return low;
  if (q === 1) return high;
  const mass = logMass(low, high);
  const found =
    low < 0
      ? inverseLogNdtr(logSum(logNdtr(low), Math.log(q) + mass))
      : -inverseLogNdtr(logSum(logNdtr(-high), Math.log1p(-q) + mass));
  return Math.min(high, Math.max(low, found));
}
