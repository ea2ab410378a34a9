/** @file What all streams of files have in common: the files are read again in each epoch. */
import { UserError } from '../../platform/errors.js';
import type { OnBadRow } from './bad-rows.js';
import { standardInput } from './source-files.js';

/** Refuses what cannot be read again. @throws UserError for standard input */
export function refuseStandardInput(sources: string | readonly string[]): void {
  if ([sources].flat().includes(standardInput)) {
    throw new UserError('standard input comes only once; streaming reads its files in each epoch. Give a file.');
  }
}

/** Tells of bad rows while files are read for the first time; each time after it, they are the same. */
export class FirstReading {
  private isOver = false;
  /** What the readers of the files are to tell. */
  readonly onBadRow: OnBadRow | undefined;

  constructor(onBadRow: OnBadRow | undefined) {
    this.onBadRow = onBadRow && ((row) => (this.isOver ? undefined : onBadRow(row)));
  }

  /** All files have been read once. */
  end(): void {
    this.isOver = true;
  }
}
