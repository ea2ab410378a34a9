/** @file Values of a distribution from numbers of the unit interval: what random and quasi-random samplers draw. */
import { type Distribution, type NumericDistribution, stepOf } from './distribution.js';

/** Where a sampler works with a parameter: logarithms where it is said, half a step more at each end where there are steps. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The bounds of a distribution of numbers. */
export function boundsOf(distribution: NumericDistribution): Bounds {
  const half = (stepOf(distribution) ?? 0) / 2;
  const [low, high] = [distribution.low - half, distribution.high + half];
  return distribution.log ? { low: Math.log(low), high: Math.log(high) } : { low, high };
}

/** The nearest value of a distribution to a place within its bounds. */
export function valueAt(distribution: NumericDistribution, place: number): number {
  const { low, high } = distribution;
  const step = stepOf(distribution);
  const value = distribution.log ? Math.exp(place) : place;
  // Optuna rounds the logarithmic ones to the nearest whole number; steps begin at low.
  const stepped = step === undefined ? value : low + step * roundHalfEven((value - low) / step);
  const rounded =
    distribution.type === 'int' ? Math.round(stepped) : step === undefined ? stepped : Number(stepped.toPrecision(15));
  return Math.min(high, Math.max(low, rounded));
}

/**
 * The value at a number of the unit interval.
 *
 * @param unit from 0 to below 1
 * @returns an internal value: of a categorical distribution the index of the choice
 * @example
 * fromUnit({ type: 'int', low: 1, high: 4 }, 0.3); // 2
 */
export function fromUnit(distribution: Distribution, unit: number): number {
  if (distribution.type === 'categorical') return Math.floor(unit * distribution.choices.length);
  const { low, high } = boundsOf(distribution);
  return valueAt(distribution, low + unit * (high - low));
}

/** Rounds as NumPy does: halves to the even number. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
