/** @file Puts the rows of a buffer into another order, in place. */

/** A row's contents go to another row. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

/**
 * The moves that put rows in place, in an order in which no row is overwritten before it has been read where there is
 * one; rows of a cycle are read first (`moveRows`).
 */
export function inOrder(rows: readonly number[]): Move[] {
  const open = rows.map((from, to) => ({ from, to })).filter(({ from, to }) => from !== to);
  const ordered: Move[] = [];
  for (;;) {
    const free = open.findIndex(({ to }) => !open.some((other) => other.from === to));
    if (free < 0) return [...ordered, ...open];
    ordered.push(...open.splice(free, 1));
  }
}

/** Carries out moves of row ranges. A source that an earlier move overwrites is copied first. */
export function moveRows(
  words: Int32Array,
  rowSize: number,
  moves: readonly Move[],
  stretches: readonly { start: number; end: number }[],
): void {
  const aside = new Map<number, Int32Array>();
  for (const [i, { from }] of moves.entries()) {
    const isLost = moves.slice(0, i).some(({ to }) => to === from);
    if (isLost && !aside.has(from)) aside.set(from, words.slice(from * rowSize, (from + 1) * rowSize));
  }
  for (const { from, to } of moves) {
    const kept = aside.get(from);
    for (const { start, end } of stretches) {
      if (kept) words.set(kept.subarray(start, end), to * rowSize + start);
      else words.copyWithin(to * rowSize + start, from * rowSize + start, from * rowSize + end);
    }
  }
}
