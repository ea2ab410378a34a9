/** @file The largest of many numbers. */

/** A number and its place in the list. */
export interface Scored {
  readonly index: number;
  readonly value: number;
}

/**
 * The largest numbers of a list, the largest first; of equal ones, that with the lower place. One pass, no sorting of all.
 *
 * @param candidates places to look at; all where left out
 * @example
 * largest([0.1, 0.6, 0.3], 2)   // [{ index: 1, value: 0.6 }, { index: 2, value: 0.3 }]
 */
export function largest(values: ArrayLike<number>, count: number, candidates?: Iterable<number>): Scored[] {
  const found: Scored[] = [];
  const places = candidates ?? Array.prototype.keys.call(values);
  for (const index of places) {
    const value = values[index] as number;
    if (found.length === count && !comesBefore({ index, value }, found.at(-1) as Scored)) continue;
    const at = found.findIndex((other) => comesBefore({ index, value }, other));
    found.splice(at < 0 ? found.length : at, 0, { index, value });
    if (found.length > count) found.pop();
  }
  return found;
}

const comesBefore = (a: Scored, b: Scored): boolean => a.value > b.value || (a.value === b.value && a.index < b.index);
