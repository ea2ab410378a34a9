/** @file Ranks of values, ties sharing theirs. */

/**
 * The rank of each value, from 1 for the smallest; equal values share the mean of the ranks that they take up.
 *
 * @example
 * ranks([30, 10, 20, 20])   // [4, 1, 2.5, 2.5]
 */
export function ranks(values: readonly number[]): number[] {
  if (values.some(Number.isNaN)) throw new Error('internal: ranks of values of which one is NaN; it has no order');
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = values.map(() => 0);
  for (let start = 0; start < order.length; ) {
    const tied = order[start]?.value;
    let end = start;
    while (end < order.length && order[end]?.value === tied) end++;
    for (const { index } of order.slice(start, end)) result[index] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}
