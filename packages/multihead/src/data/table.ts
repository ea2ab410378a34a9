/** @file A table as it stands in a file: what CSV, TSV and JSON Lines have in common. */

/** One row of a table. */
export interface Row {
  /** The line of the file on which the row begins, counted from 1. */
  readonly line: number;
  /** Strings from CSV and TSV; any JSON value, or undefined where an object lacks the field, from JSONL. */
  readonly cells: readonly unknown[];
}

/** A table whose first row may still be a header: which it is, only the reader of its columns can tell. */
export interface Table {
  readonly path: string;
  /** Names of the columns, where the format itself gives them (JSONL). */
  readonly columns: readonly string[] | undefined;
  /** At least one row; each has the same number of cells. */
  readonly rows: readonly Row[];
}
