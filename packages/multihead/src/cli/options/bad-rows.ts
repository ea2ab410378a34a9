/** @file `--skip-bad-rows`: what is skipped is counted, the first ones are shown, and all are listed in a file. */
import { join } from 'node:path';
import { remove, writeAtomically } from '#files';
import type { BadRow, OnBadRow } from '../../data/streams/bad-rows.js';
import { printNote } from '../output/print.js';

/** The file that lists them, a JSON object a line. */
export const skippedRowsFile = 'skipped-rows.jsonl';

/** How many are shown. */
const shown = 5;

/** Collects the rows that were skipped. */
export class BadRows {
  private readonly rows: BadRow[] = [];
  /** For readers of data: undefined, so that a bad row is an error, unless they are to be skipped. */
  readonly onBadRow: OnBadRow | undefined;

  constructor(private readonly isAsked: boolean | undefined) {
    this.onBadRow = isAsked ? (row) => this.rows.push(row) : undefined;
  }

  /** Says on standard error how many there are, and shows the first ones. */
  show(): void {
    const { length } = this.rows;
    if (length === 0) return;
    const lines = this.rows.slice(0, shown).map(({ path, line, row, at, problem }) => {
      const place = [line !== undefined && `line ${line}`, row !== undefined && `row ${row}`, at]
        .filter(Boolean)
        .join(' ');
      return `  ${path}: ${place}: ${problem}`;
    });
    const rest = length > shown ? [`  and ${length - shown} more`] : [];
    printNote([`${length} bad ${length === 1 ? 'row was' : 'rows were'} skipped:`, ...lines, ...rest].join('\n'));
  }

  /** Lists them in a folder. */
  async write(folder: string): Promise<void> {
    if (!this.isAsked) return;
    const path = join(folder, skippedRowsFile);
    if (this.rows.length === 0) await remove(path);
    else await writeAtomically(path, this.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
