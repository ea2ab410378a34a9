/** @file Rows that cannot be used: an error, or reported and skipped. */
import { UserError } from '../../platform/errors.js';

/** A row that was skipped. */
export interface BadRow {
  /** The file. */
  readonly path: string;
  /** Where the row is: its line, counted from 1 ... */
  readonly line?: number;
  /** ... its number, counted from 1, in formats without lines (Parquet, JSON) ... */
  readonly row?: number;
  /** ... or its path in a SQuAD file: `data[3].paragraphs[0].qas[1]`. */
  readonly at?: string;
  /** What is wrong, and what was expected. */
  readonly problem: string;
}

/** Callback for skipped rows. */
export type OnBadRow = (row: BadRow) => void;

/** A file's name in messages, and the handling of its invalid rows. */
export interface RowPlaces {
  /** The file's name. */
  readonly path: string;
  /** What the numbers of its rows count. */
  readonly unit: 'line' | 'row';
  /** Without it, a bad row is an error. */
  readonly onBadRow?: OnBadRow | undefined;
}

/** A row's place: `train.csv:7`, or `train.parquet, row 7`. */
export const placeOf = ({ path, unit }: RowPlaces, number: number): string =>
  unit === 'line' ? `${path}:${number}` : `${path}, row ${number}`;

/**
 * Refuses a row: tells of it where it is to be skipped.
 *
 * @throws UserError `place: problem` where it is not
 * @example
 * refuseRow({ path: 'a.csv', unit: 'line' }, 7, 'the text is empty')   // throws: a.csv:7: the text is empty
 */
export function refuseRow(file: RowPlaces, number: number, problem: string): void {
  const { path, unit, onBadRow } = file;
  if (!onBadRow) throw new UserError(`${placeOf(file, number)}: ${problem}`);
  onBadRow({ path, [unit]: number, problem });
}
