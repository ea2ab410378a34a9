/** @file The rows of a table as examples of similarity. */
import { showValue } from '../../../platform/show-value.js';
import { refuseRow } from '../../streams/bad-rows.js';
import type { Row, Table } from '../../tables/table.js';
import { type SimilarityColumns, similarityColumns } from './similarity-columns.js';
import type { SimilarityExample, SimilarityFileOptions } from './similarity-examples.js';

/**
 * The examples of a table, many at a time.
 *
 * @throws UserError for columns that are missing; and for a row that is no example, unless it is reported
 */
export async function* similarityRows(
  table: Table,
  { columns: wanted = {}, header }: Pick<SimilarityFileOptions, 'columns' | 'header'>,
): AsyncGenerator<SimilarityExample[]> {
  let columns: SimilarityColumns | undefined;
  let before: readonly Row[] = []; // a first row that came alone: what follows tells whether it is a header
  // Where the format itself names the columns before any row (Parquet), only those of use are read.
  if (table.columns?.length) columns = similarityColumns(table, [], wanted, header);
  const examplesOf = (rows: readonly Row[], of: SimilarityColumns) =>
    rows.flatMap((row) => readRow(table, row, of) ?? []);
  for await (const group of table.rows(columns && namesOf(table, columns))) {
    if (columns) {
      yield examplesOf(group, columns);
      continue;
    }
    before = [...before, ...group];
    if (before.length < 2) continue;
    columns = similarityColumns(table, before, wanted, header);
    yield examplesOf(columns.hasHeaderRow ? before.slice(1) : before, columns);
  }
  if (columns || before.length === 0) return;
  columns = similarityColumns(table, before, wanted, header);
  yield examplesOf(before, columns);
}

const namesOf = ({ columns: names }: Table, { texts, label }: SimilarityColumns): string[] | undefined =>
  names && [...texts, ...(label === undefined ? [] : [label])].map((column) => names[column] as string);

/** A row as an example; undefined for one that was refused. */
function readRow(table: Table, { line, cells }: Row, columns: SimilarityColumns): SimilarityExample | undefined {
  const texts: string[] = [];
  for (const column of columns.texts) {
    const cell = cells[column];
    if (typeof cell === 'string' && /\S/.test(cell)) texts.push(cell);
    else {
      const what = cell === undefined ? 'is missing' : typeof cell === 'string' ? 'is empty' : `is ${showValue(cell)}`;
      refuseRow(table, line, `the text ${columns.nameOf(column)} ${what}; a text was expected`);
      return undefined;
    }
  }
  if (columns.label === undefined) return { texts, line };
  const label = labelOf(cells[columns.label], table.classNames.get(table.columns?.[columns.label] ?? ''));
  if (label !== undefined) return { texts, label, line };
  refuseRow(
    table,
    line,
    `the label ${columns.nameOf(columns.label)} is ${showValue(cells[columns.label])}; a finite number or a name was expected`,
  );
  return undefined;
}

/** A number or a name; undefined for a cell that has no value. */
function labelOf(cell: unknown, classNames: readonly string[] | undefined): number | string | undefined {
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell === 'number' || typeof cell === 'bigint') {
    const value = Number(cell);
    if (!Number.isFinite(value)) return undefined;
    return classNames ? classNames[value] : value; // -1 is the library datasets' sign for no label
  }
  if (typeof cell !== 'string') return undefined;
  const text = cell.trim();
  if (text === '' || text === '-' || /^nan$/i.test(text)) return undefined; // SNLI has - where people disagreed
  const value = Number(text);
  if (Number.isNaN(value)) return text;
  return Number.isFinite(value) ? value : undefined; // such as 1e400
}
