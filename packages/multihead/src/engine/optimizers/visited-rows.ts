/**
 * @file Tracks which rows of a table have ever had a gradient.
 *
 * An embedding table is large, and a run meets few of its rows. As long as a row has had no gradient, the moments of AdamW
 * (and of others) are zero, and a step does no more than take its weight decay away: three of four passes over memory are
 * spared, and memory that was never written is never really there. The result is the same to the bit.
 */

/** Rows tracked as one block: updating a few needless rows costs less than many short passes. */
const rowsPerBlock = 8;

/** A run of neighbouring elements of the table. */
export interface RowRun {
  readonly start: number;
  readonly length: number;
  /** Whether some of its rows have had a gradient. */
  readonly visited: boolean;
}

/** Marks rows of a table, and tells the runs that they make. */
export class VisitedRows {
  private readonly visited: Uint8Array;
  private known: readonly RowRun[] | undefined;

  /** @param length elements of the table, the last row's padding included; @param width elements of a row */
  constructor(
    private readonly length: number,
    private readonly width: number,
  ) {
    this.visited = new Uint8Array(Math.ceil(length / (rowsPerBlock * width)));
  }

  /** Marks a row. */
  add(row: number): void {
    const block = Math.floor(row / rowsPerBlock);
    if (this.visited[block]) return;
    this.visited[block] = 1;
    this.known = undefined;
  }

  /** Marks all rows. */
  addAll(): void {
    this.visited.fill(1);
    this.known = undefined;
  }

  /** Marks the rows in which something is not zero. */
  addNonZero(table: Float32Array): void {
    for (let i = 0; i < table.length; i++) if (table[i] !== 0) this.add(Math.floor(i / this.width));
  }

  /** The table as runs of visited and unvisited rows, in order. */
  runs(): readonly RowRun[] {
    this.known ??= this.findRuns();
    return this.known;
  }

  private findRuns(): RowRun[] {
    const size = rowsPerBlock * this.width;
    const runs: { start: number; length: number; visited: boolean }[] = [];
    for (const [block, mark] of this.visited.entries()) {
      const start = block * size;
      const length = Math.min(size, this.length - start);
      const last = runs.at(-1);
      if (last && last.visited === (mark === 1)) last.length += length;
      else runs.push({ start, length, visited: mark === 1 });
    }
    return runs;
  }
}
