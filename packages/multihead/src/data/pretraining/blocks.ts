/** @file Items to pretrain on, accessed by index and read on demand. */

/** A sequence of items, accessed by index. */
export interface Blocks<Item> {
  /** Number of items. */
  readonly length: number;
  /** Tokens of an item, without special tokens that a task adds. */
  lengthOf(block: number): number;
  /** Reads items by index, in the given order. */
  read(blocks: readonly number[]): Promise<Item[]>;
  /** Fingerprint of the tokens and their division into blocks, checked when a run is resumed. */
  readonly fingerprint: string;
}

/** Blocks of token ids. */
export type TokenBlocks = Blocks<Int32Array>;

/** Files that are read at once; the system allows no more than some hundreds to be open. */
const readsAtOnce = 16;

/**
 * Reads items, some at a time.
 *
 * @param length the number of items that there are
 */
export async function readItems<Item>(
  blocks: readonly number[],
  length: number,
  read: (block: number) => Promise<Item>,
): Promise<Item[]> {
  const odd = blocks.find((block) => !(block >= 0 && block < length));
  if (odd !== undefined) throw new Error(`internal: block ${odd} of ${length} was asked for`);
  const items: Item[] = [];
  for (let i = 0; i < blocks.length; i += readsAtOnce) {
    items.push(...(await Promise.all(blocks.slice(i, i + readsAtOnce).map(read))));
  }
  return items;
}

/** The last element of a rising list that is at most `value`, by its index; the list begins at or below it. */
export function lastAtMost(list: ArrayLike<number>, value: number): number {
  return lastWhere(list.length, (index) => (list[index] as number) <= value);
}

/** The last index below `length` for which the condition holds, where it holds for 0 and, once false, stays so. */
export function lastWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
