/** @file A table as it stands in a file: what all formats have in common. */
import type { RowPlaces } from '../streams/bad-rows.js';

/** One row of a table. */
export interface Row {
  /** The line of the file on which the row begins, or the row's number where there are no lines; counted from 1. */
  readonly line: number;
  /** Strings from CSV and TSV; any value, or undefined where an object lacks the field, from the other formats. */
  readonly cells: readonly unknown[];
}

/** A table whose first row may still be a header: which it is, only the reader of its columns can tell. */
export interface Table extends RowPlaces {
  /** Names of the columns, where the format itself gives them. Of JSON Lines, those of the rows read so far. */
  readonly columns: readonly string[] | undefined;
  /** The names of classes, of columns that have numbers for them. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
  /** The whole of the file, where it is JSON. */
  readonly document?: unknown;
  /**
   * The rows, many at a time, each with the same number of cells (of JSON Lines, as many as there are columns by then).
   *
   * @param wanted names of the columns whose cells are needed; the others may be undefined. Default: all
   */
  rows(wanted?: readonly string[]): AsyncGenerator<Row[]>;
}
