/** @file The columns of a table without a header: by number, or by what is in them. */
import { UserError } from '../errors.js';
import { columnNumber, type FoundColumns, flags, type Role, type WantedColumns } from './column-names.js';
import type { Row } from './table.js';

/**
 * Finds the columns of a table that has no header.
 *
 * One column is the text. Of two, the label is the one that holds nothing but numbers, else the one with fewer
 * different values. With more, the user must say.
 *
 * @param rows   rows of equal width, at least one
 * @param wanted the columns that the user gave, by number
 * @param path   the file's name, for errors
 * @throws UserError if a column was given by name, or its number is too large; if the columns cannot be told apart; and
 *   if the first line looks like a header whose names are not known
 * @example
 * const nothing = { text: undefined, textPair: undefined, label: undefined };
 * const rows = [{ line: 1, cells: ['a fine film', '1'] }, { line: 2, cells: ['a dull film', '0'] }];
 * findByPosition(rows, nothing, 'a.tsv')   // { text: 0, label: 1 }
 */
export function findByPosition(rows: readonly Row[], wanted: WantedColumns, path: string): FoundColumns {
  const width = rows[0]?.cells.length ?? 0;
  const given: FoundColumns = {};
  for (const role of ['text', 'textPair', 'label'] as const) {
    const index = givenIndex(rows, wanted, role, path);
    if (index !== undefined) given[role] = index;
  }
  if (given.textPair !== undefined) return given;
  if (width === 1) return { text: 0, ...given };
  if (width !== 2) return given;
  const label = given.label ?? (given.text === undefined ? guessLabel(rows, path) : 1 - given.text);
  return { text: 1 - label, label, ...given };
}

function givenIndex(rows: readonly Row[], wanted: WantedColumns, role: Role, path: string): number | undefined {
  const reference = wanted[role];
  if (reference === undefined) return undefined;
  const first = rows[0]?.cells ?? [];
  const index = columnNumber(reference);
  if (index !== undefined && index < first.length) return index;
  throw new UserError(
    `${path}: no column ${JSON.stringify(reference)} (${flags[role]}). The first line is no header with that name; ` +
      `its ${first.length} cells are numbered from 0: ${numbered(first)}`,
  );
}

/** The cells of a row with their numbers, for an error. */
export const numbered = (cells: readonly unknown[]): string =>
  cells.map((cell, index) => `${index} ${JSON.stringify(String(cell).slice(0, 40))}`).join(', ');

const isNumber = (cell: unknown) => String(cell).trim() !== '' && Number.isFinite(Number(cell));

/** The label's column, of two. */
function guessLabel(rows: readonly Row[], path: string): number {
  const numeric = [0, 1].filter((column) => rows.every(({ cells }) => isNumber(cells[column])));
  const [left = 0, right = 0] = [0, 1].map((column) => new Set(rows.map(({ cells }) => cells[column])).size);
  if (numeric.length !== 1 && left === right) {
    throw new UserError(
      `${path}: no header, and both columns have ${left} different values, so text and label cannot be told apart. ` +
        `Say which is which, counting from 0: --text 0 --label 1`,
    );
  }
  const label = numeric.length === 1 ? (numeric[0] ?? 0) : left < right ? 0 : 1;
  refuseUnknownHeader(rows, label, path);
  return label;
}

const nameLike = /^[A-Za-z]\w{0,30}$/;

/** A header with unusual names would become an example, and its label's name a class that nothing belongs to. */
function refuseUnknownHeader(rows: readonly Row[], label: number, path: string): void {
  const [first, ...others] = rows;
  if (!first?.cells.every((cell) => nameLike.test(String(cell)))) return;
  const counts = new Map<unknown, number>();
  for (const { cells } of others) counts.set(cells[label], (counts.get(cells[label]) ?? 0) + 1);
  const othersRepeat = counts.size > 0 && [...counts.values()].every((count) => count > 1);
  if (!othersRepeat || counts.has(first.cells[label])) return;
  const [text, labelName] = [first.cells[1 - label], first.cells[label]];
  throw new UserError(
    `${path}:${first.line}: this line looks like a header with names that are not known. If it is one, name the ` +
      `columns: --text ${text} --label ${labelName}. If it is an example, number them: --text ${1 - label} --label ${label}`,
  );
}
