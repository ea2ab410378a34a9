/** @file Which columns of a table hold the texts and the labels, and which of its rows are examples. */
import { UserError } from '../../../platform/errors.js';
import {
  type FoundColumns,
  findByName,
  listColumns,
  optionsOfRoles,
  type WantedColumns,
} from '../../tables/column-names.js';
import { findByPosition, numbered } from '../../tables/column-positions.js';
import { startsWithHeader } from '../../tables/header.js';
import type { Row, Table } from '../../tables/table.js';
import { isUnknownHeader, refuseDoubtfulHeader } from '../../tables/unknown-header.js';
import type { ClassificationFileOptions } from './classification.js';

/** A column with the name by which errors speak of it. */
export interface Column {
  readonly index: number;
  readonly name: string;
}

/** The columns of examples. */
export interface ClassificationColumns {
  readonly text: Column;
  readonly textPair?: Column;
  readonly label?: Column;
  /** Whether the first row is a header, and no example. */
  readonly hasHeaderRow: boolean;
}

/**
 * Finds the columns.
 *
 * @param first         the first rows, or all of them
 * @param wanted        the columns that the user named
 * @param options       whether there must be a column of labels, and whether there is a header, if that is known
 * @throws UserError for a column that is missing or ambiguous, and for a header without examples
 */
export function classificationColumns(
  table: Table,
  first: readonly Row[],
  wanted: WantedColumns,
  { requireLabels = true, header: isHeaderGiven }: Pick<ClassificationFileOptions, 'requireLabels' | 'header'>,
): ClassificationColumns {
  const { path } = table;
  const firstCells = first[0]?.cells ?? [];
  const areNamesKnown = table.columns === undefined && isHeaderGiven !== false && startsWithHeader(first, wanted, path);
  if (areNamesKnown && isHeaderGiven === undefined) refuseDoubtfulHeader(first, wanted, path);
  const hasHeaderRow =
    table.columns === undefined && (isHeaderGiven ?? (areNamesKnown || isUnknownHeader(first, wanted, path)));
  const header = table.columns ?? (hasHeaderRow ? firstCells : undefined);
  const rows = hasHeaderRow ? first.slice(1) : first;
  if (hasHeaderRow && rows.length === 0) throw new UserError(`${path}: holds a header, but no examples`);

  const isUnknown = header !== undefined && table.columns === undefined && !areNamesKnown;
  const found = header && !isUnknown ? findByName(header, wanted, path) : columnsBelow(rows, header, wanted, path);
  const { text, textPair, label } = found;
  if (text === undefined) throw new UserError(missing('text', header, firstCells, path));
  if (label === undefined && requireLabels) throw new UserError(missing('label', header, firstCells, path));
  refuseDoubleUse(found, path);

  const column = (index: number) => ({ index, name: header ? JSON.stringify(header[index]) : `column ${index}` });
  return {
    text: column(text),
    ...(textPair === undefined ? {} : { textPair: column(textPair) }),
    ...(label === undefined ? {} : { label: column(label) }),
    hasHeaderRow,
  };
}

/** By what is in the rows, and by the names of a header that the user says is one. */
function columnsBelow(
  rows: readonly Row[],
  header: readonly unknown[] | undefined,
  wanted: WantedColumns,
  path: string,
): FoundColumns {
  const isWide = (header?.length ?? 0) > 2;
  return header && (isWide || rows.length === 0)
    ? findByName(header, wanted, path)
    : findByPosition(rows, wanted, path);
}

function missing(
  role: 'text' | 'label',
  header: readonly unknown[] | undefined,
  firstCells: readonly unknown[],
  path: string,
): string {
  if (header) {
    const isSquad = header.includes('paragraphs') || (header.includes('question') && header.includes('context'));
    const advice = isSquad
      ? 'Questions about contexts are for the task question-answering'
      : `Name one by ${optionsOfRoles[role]}`;
    return `${path}: no ${role} column found. The columns are ${listColumns(header)}. ${advice}`;
  }
  if (firstCells.length === 1) return `${path}: one column and no header, so texts without labels; labels are needed`;
  return (
    `${path}: no usual name of a column in the first line, and ${firstCells.length} columns. Say which is the ${role}, ` +
    `by name if there is a header, else by number: ${optionsOfRoles[role]} NAME or N. The first line has: ${numbered(firstCells)}`
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
