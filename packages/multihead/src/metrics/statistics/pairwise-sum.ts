/** @file Sums of many numbers with little rounding error. */

/**
 * The sum of numbers, added in pairs of partial sums, so that the rounding error grows with log n and not with n.
 *
 * The order of additions is NumPy's: scores come out equal to scikit-learn's to the last bit, and so print the same
 * also where that bit decides the rounding.
 *
 * @example
 * pairwiseSum([1, 2, 3])   // 6
 */
export function pairwiseSum(values: readonly number[]): number {
  if (values.length < 8) return values.reduce((sum, value) => sum + value, 0);
  if (values.length > 128) {
    const middle = Math.floor(values.length / 16) * 8;
    return pairwiseSum(values.slice(0, middle)) + pairwiseSum(values.slice(middle));
  }
  const even = values.length - (values.length % 8);
  const at = (index: number) => values[index] ?? 0;
  const lane = (offset: number) => {
    let sum = at(offset);
    for (let index = offset + 8; index < even; index += 8) sum += at(index);
    return sum;
  };
  const lanes = lane(0) + lane(1) + (lane(2) + lane(3)) + (lane(4) + lane(5) + (lane(6) + lane(7)));
  return values.slice(even).reduce((sum, value) => sum + value, lanes);
}

/** The mean by {@link pairwiseSum}; NaN of no values. */
export const pairwiseMean = (values: readonly number[]): number => pairwiseSum(values) / values.length;
