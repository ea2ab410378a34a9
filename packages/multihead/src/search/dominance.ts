/** @file Which results are better in several objectives: Pareto dominance. Smaller values are better. */

/** Whether one is nowhere worse than the other, and somewhere better. */
export const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => value <= (b[i] as number)) && a.some((value, i) => value < (b[i] as number));

/** The items that no others dominate, then those that only these dominate, and so on (non-dominated sorting). */
export function* nonDominatedFronts<Item>(
  items: readonly Item[],
  lossesOf: (item: Item) => readonly number[],
): Generator<readonly Item[]> {
  let left = items;
  while (left.length > 0) {
    const isDominated = (item: Item) => left.some((other) => dominates(lossesOf(other), lossesOf(item)));
    const front = left.filter((item) => !isDominated(item));
    yield front;
    const chosen = new Set(front);
    left = left.filter((item) => !chosen.has(item));
  }
}
