/** @file Reads a table from CSV, TSV or JSON Lines. */
import { readText } from '#files';
import { UserError } from '../errors.js';
import { readCsvRows } from './csv.js';
import { readJsonlTable } from './jsonl.js';
import type { Row, Table } from './table.js';
import { readTsvRows } from './tsv.js';

/** The formats of tables. */
export type TableFormat = 'csv' | 'tsv' | 'jsonl';

/** How a table is read. */
export interface TableOptions {
  /** Default: by the ending of the file's name (.csv, .tsv, .jsonl or .ndjson). */
  readonly format?: TableFormat | undefined;
  /** Whether cells of a TSV may stand in quotes. Default: decided by what is in the file; see tsv.ts. */
  readonly quotes?: boolean | undefined;
}

const endings: Record<string, TableFormat> = { csv: 'csv', tsv: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl' };

/**
 * Reads a table as it stands in a file.
 *
 * @throws UserError naming the file, and the line where there is one: an unknown format, an empty file, a broken line,
 *   a row with more or fewer cells than the first
 * @example
 * const { rows } = await readTable('train.csv');
 * rows[0]   // { line: 1, cells: ['text', 'label'] }
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<Table> {
  const format = options.format ?? formatOf(path);
  const text = await readText(path);
  if (text.trim() === '') throw new UserError(`${path}: the file is empty`);
  if (format === 'jsonl') return readJsonlTable(text, path);
  const rows = withoutBlankRows(format === 'csv' ? readCsvRows(text, path) : readTsvRows(text, path, options.quotes));
  checkWidths(rows, path, format);
  return { path, columns: undefined, rows };
}

function formatOf(path: string): TableFormat {
  const ending = /\.(\w+)(?:[?#].*)?$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = endings[ending];
  if (format) return format;
  const known = Object.keys(endings).map((name) => `.${name}`);
  throw new UserError(`${path}: the name must end in ${known.join(', ')}, or the option format must say what it is`);
}

/** Blank lines hold no data; but in a file of one column, one between others is a text that is missing. */
function withoutBlankRows(rows: readonly Row[]): Row[] {
  const isFilled = ({ cells }: Row) => cells.length > 1 || cells[0] !== '';
  if (rows.some(({ cells }) => cells.length > 1)) return rows.filter(isFilled);
  return rows.slice(0, rows.findLastIndex(isFilled) + 1);
}

function checkWidths(rows: readonly Row[], path: string, format: TableFormat): void {
  const [first] = rows;
  const odd = rows.find(({ cells }) => cells.length !== first?.cells.length);
  if (!first || !odd) return;
  const advice =
    format === 'csv'
      ? 'A cell with a comma or a line break in it must stand in double quotes.'
      : 'A text must not hold tabs or line breaks; if the cells stand in double quotes, say so with the option quotes.';
  throw new UserError(
    `${path}:${odd.line}: ${odd.cells.length} cells, where line ${first.line} has ${first.cells.length}. ${advice}`,
  );
}
