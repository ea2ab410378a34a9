/** @file Sobol sequences: points that fill the unit cube evenly, however many there are. As `scipy.stats.qmc.Sobol` has them. */
import type { Random } from '../../../platform/random.js';
import { directionNumbers } from './direction-numbers.js';

/** Bits of a coordinate. */
const bits = 30;

/** The most dimensions that there are direction numbers for. */
export const mostDimensions = directionNumbers.length + 1;

/** The random bits of a scrambling: a lower triangular matrix and a shift for each dimension. */
export interface Scrambling {
  /** Rows of the matrices, the first column as the highest of 30 bits; the diagonal is 1 whatever they say. */
  readonly matrices: readonly (readonly number[])[];
  readonly shifts: readonly number[];
}

/** A sequence, of which each point can be had by its number. */
export class SobolSequence {
  private readonly directions: readonly (readonly number[])[];
  private readonly shifts: readonly number[];

  constructor(dimensions: number, scrambling?: Scrambling) {
    const plain = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension));
    this.directions = scrambling ? plain.map((row, i) => scrambled(row, scrambling.matrices[i] as number[])) : plain;
    this.shifts = scrambling?.shifts ?? plain.map(() => 0);
  }

  /** The point of a number from 0: coordinates from 0 to below 1. */
  point(number: number): number[] {
    const gray = number ^ (number >>> 1);
    return this.directions.map((row, dimension) => {
      let coordinate = this.shifts[dimension] as number;
      for (let bit = 0; gray >>> bit > 0; bit++) if ((gray >>> bit) & 1) coordinate ^= row[bit] as number;
      return coordinate / 2 ** bits;
    });
  }
}

/** The direction numbers of a dimension, shifted to the highest bit. */
function directionsOf(dimension: number): number[] {
  const numbers: number[] = [];
  if (dimension === 0) for (let j = 0; j < bits; j++) numbers.push(1);
  else {
    const [polynomial = 1, ...initial] = directionNumbers[dimension - 1] as readonly number[];
    const degree = initial.length;
    numbers.push(...initial);
    for (let j = degree; j < bits; j++) {
      let next = numbers[j - degree] as number;
      for (let k = 0; k < degree; k++) {
        if ((polynomial >> (degree - 1 - k)) & 1) next ^= (numbers[j - k - 1] as number) * 2 ** (k + 1);
      }
      numbers.push(next);
    }
  }
  return numbers.map((number, j) => number * 2 ** (bits - 1 - j));
}

/** Direction numbers multiplied by a matrix of bits (Matoušek's linear matrix scrambling). */
function scrambled(directions: readonly number[], rows: readonly number[]): number[] {
  const whole = rows.map((row, i) => row | (1 << (bits - 1 - i)));
  return directions.map((direction) =>
    whole.reduce((number, row, i) => number | (parity(row & direction) << (bits - 1 - i)), 0),
  );
}

function parity(value: number): number {
  let folded = value;
  for (const shift of [16, 8, 4, 2, 1]) folded ^= folded >>> shift;
  return folded & 1;
}

/** Draws the bits of a scrambling. */
export function randomScrambling(dimensions: number, random: Random): Scrambling {
  const number = () => random.bits() >>> 2;
  const row = (i: number) => number() & ~(2 ** (bits - 1 - i) - 1); // nothing behind the diagonal
  return {
    matrices: Array.from({ length: dimensions }, () => Array.from({ length: bits }, (_, i) => row(i))),
    shifts: Array.from({ length: dimensions }, number),
  };
}
