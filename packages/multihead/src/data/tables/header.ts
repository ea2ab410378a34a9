/** @file Whether the first row of a table is a header. */
import { UserError } from '../../platform/errors.js';
import { isUsualName, isWantedName, type WantedColumns } from './column-names.js';
import type { Row } from './table.js';

/**
 * Tells whether the first row is a header: one of its cells is a name that the user gave, or a usual name of a column
 * that does not come again further down, as `question` or `news` does where it is the label of many examples.
 *
 * @param rows   the rows of CSV or TSV, at least one
 * @param wanted the columns that the user named
 * @param path   the file's name, for errors
 * @throws UserError if the header stands again among the examples, as in files that were put together
 * @example
 * const nothing = { text: undefined, textPair: undefined, label: undefined };
 * const rows = [{ line: 1, cells: ['text', 'label'] }, { line: 2, cells: ['fine', '1'] }];
 * startsWithHeader(rows, nothing, 'a.tsv')   // true
 */
export function startsWithHeader(rows: readonly Row[], wanted: WantedColumns, path: string): boolean {
  const [first, ...others] = rows;
  if (!first) return false;
  if (first.cells.some((cell) => isWantedName(cell, wanted))) return true;
  const named = [...first.cells.keys()].filter((column) => isUsualName(first.cells[column]));
  const repeated = others.find(({ cells }) => cells.every((cell, column) => cell === first.cells[column]));
  if (repeated && named.length > 1) {
    throw new UserError(`${path}:${repeated.line}: the header of line ${first.line} stands here again; take it out`);
  }
  return named.some((column) => !others.some(({ cells }) => cells[column] === first.cells[column]));
}
