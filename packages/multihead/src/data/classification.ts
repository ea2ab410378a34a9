/** @file Texts with labels, from CSV, TSV and JSON Lines. */
import { UserError } from '../errors.js';
import {
  type ColumnReference,
  type FoundColumns,
  findByName,
  flags,
  listColumns,
  type WantedColumns,
} from './column-names.js';
import { findByPosition, numbered } from './column-positions.js';
import { startsWithHeader } from './header.js';
import { type Label, labelsFromJson, labelsFromText } from './label-values.js';
import { readTable, type TableOptions } from './read-table.js';
import type { Row, Table } from './table.js';

/** A text, or a pair of texts, with its label. */
export interface ClassificationExample {
  readonly text: string;
  /** The second text, of problems about pairs: entailment, similarity. */
  readonly textPair?: string;
  /** A class (name or integer), a regression target (number), or the names of all classes that apply (list). */
  readonly label?: Label;
  /** The line of the file on which the example begins, counted from 1. */
  readonly line: number;
}

/** How a file of examples is read. */
export interface ClassificationFileOptions extends TableOptions {
  /** Column of the text, by name, or by number from 0. Default: by its usual names, or by what is in the file. */
  readonly textColumn?: ColumnReference | undefined;
  /** Column of the second text. Default: by its usual names (text_pair, sentence2, text_b ...), if it is there. */
  readonly textPairColumn?: ColumnReference | undefined;
  /** Column of the label. Default: by its usual names (label, category, intent, sentiment ...). */
  readonly labelColumn?: ColumnReference | undefined;
  /** Whether every example must have a label: true (the default) to train and evaluate, false to predict. */
  readonly requireLabels?: boolean | undefined;
}

/**
 * Reads texts and their labels from a file.
 *
 * - `.csv`: RFC 4180; `.tsv`: plain as in GLUE, or quoted (see tsv.ts); `.jsonl`, `.ndjson`: one object a line.
 * - The first row of CSV and TSV is a header if one of its cells is a usual column name or one given in the options.
 *   Without a header, of two columns the label is the one of numbers, or else the one with fewer different values.
 * - Texts are kept as they are. White space around labels is taken off, and blank lines are passed over; all else that
 *   cannot be read is an error, and nothing is dropped.
 *
 * @param path UTF-8 file
 * @returns at least one example, in the order of the file
 * @throws UserError naming the file and the line: a column that is missing or ambiguous, a row with the wrong number of
 *   cells, invalid JSON, an empty text, an empty label where labels are required, labels of different kinds
 * @example
 * const examples = await readClassificationExamples('train.csv', { labelColumn: 'intent' });
 * examples[0]   // { text: 'I am still waiting on my card?', label: 'card_arrival', line: 2 }
 */
export async function readClassificationExamples(
  path: string,
  options: ClassificationFileOptions = {},
): Promise<ClassificationExample[]> {
  const { requireLabels = true } = options;
  const table = await readTable(path, options);
  const { columns, rows } = resolve(table, requireLabels, {
    text: options.textColumn,
    textPair: options.textPairColumn,
    label: options.labelColumn,
  });
  const labels = readLabels(rows, columns.label, requireLabels, table);
  return rows.map((row) => {
    const label = labels.get(row);
    return {
      text: textOf(row, columns.text, path),
      ...(columns.textPair === undefined ? {} : { textPair: textOf(row, columns.textPair, path) }),
      ...(label === undefined ? {} : { label }),
      line: row.line,
    };
  });
}

/** A column with the name by which errors speak of it. */
interface Column {
  readonly index: number;
  readonly name: string;
}

interface Resolved {
  readonly columns: { readonly text: Column; readonly textPair?: Column; readonly label?: Column };
  /** The examples' rows: all but the header. */
  readonly rows: readonly Row[];
}

/** Tells the header from the examples, and finds the columns. */
function resolve(table: Table, requireLabels: boolean, wanted: WantedColumns): Resolved {
  const { path } = table;
  const firstCells = table.rows[0]?.cells ?? [];
  const hasHeaderRow = table.columns === undefined && startsWithHeader(table.rows, wanted, path);
  const header = table.columns ?? (hasHeaderRow ? firstCells : undefined);
  const rows = hasHeaderRow ? table.rows.slice(1) : table.rows;
  if (rows.length === 0) throw new UserError(`${path}: holds a header, but no examples`);

  const found = header ? findByName(header, wanted, path) : findByPosition(rows, wanted, path);
  const { text, textPair, label } = found;
  if (text === undefined) throw new UserError(missing('text', header, firstCells, path));
  if (label === undefined && requireLabels) throw new UserError(missing('label', header, firstCells, path));
  refuseDoubleUse(found, path);

  const column = (index: number) => ({ index, name: header ? JSON.stringify(header[index]) : `column ${index}` });
  return {
    columns: {
      text: column(text),
      ...(textPair === undefined ? {} : { textPair: column(textPair) }),
      ...(label === undefined ? {} : { label: column(label) }),
    },
    rows,
  };
}

function missing(
  role: 'text' | 'label',
  header: readonly unknown[] | undefined,
  firstCells: readonly unknown[],
  path: string,
): string {
  if (header) {
    return `${path}: no ${role} column found. The columns are ${listColumns(header)}. Name one: ${flags[role]} NAME`;
  }
  if (firstCells.length === 1) return `${path}: one column and no header, so texts without labels; labels are needed`;
  return (
    `${path}: no usual name of a column in the first line, and ${firstCells.length} columns. Say which is the ${role}, ` +
    `by name if there is a header, else by number: ${flags[role]} NAME or N. The first line has: ${numbered(firstCells)}`
  );
}

function refuseDoubleUse(found: FoundColumns, path: string): void {
  const uses = Object.entries(found);
  for (const [role, index] of uses) {
    const [first] = uses.find(([, other]) => other === index) ?? [role];
    if (first === role) continue;
    throw new UserError(`${path}: one column (number ${index}, from 0) cannot be ${first} and ${role} at once`);
  }
}

function textOf(row: Row, { index, name }: Column, path: string): string {
  const value = row.cells[index];
  if (value === undefined) throw new UserError(`${path}:${row.line}: the field ${name} is missing`);
  if (typeof value !== 'string') {
    throw new UserError(`${path}:${row.line}: ${name} must be a text, not ${JSON.stringify(value)}`);
  }
  if (value.trim() === '') throw new UserError(`${path}:${row.line}: the text is empty (${name})`);
  return value;
}

function readLabels(
  rows: readonly Row[],
  column: Column | undefined,
  requireLabels: boolean,
  table: Table,
): Map<Row, Label> {
  if (!column) return new Map();
  const isEmpty = (value: unknown) => value === undefined || value === null || String(value).trim() === '';
  const isLabelled = ({ cells }: Row) => Array.isArray(cells[column.index]) || !isEmpty(cells[column.index]);
  const unlabelled = rows.find((row) => !isLabelled(row));
  if (requireLabels && unlabelled) {
    throw new UserError(`${table.path}:${unlabelled.line}: the label is missing (${column.name})`);
  }
  const labelled = rows.filter(isLabelled);
  const cells = labelled.map(({ line, cells }) => ({ line, value: cells[column.index] }));
  const labels = table.columns ? labelsFromJson(cells, table.path) : labelsFromText(cells, table.path);
  return new Map(labelled.map((row, index): [Row, Label] => [row, labels[index] ?? '']));
}
