/** @file The columns of a table without a header: by number, or by what is in them. */
import { UserError } from '../../platform/errors.js';
import { columnNumber, type FoundColumns, optionsOfRoles, type Role, type WantedColumns } from './column-names.js';
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
 * @throws UserError if a column was given by name, or its number is too large, and if the columns cannot be told apart
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
    `${path}: no column ${JSON.stringify(reference)} (${optionsOfRoles[role]}). The first line is no header with that name; ` +
      `its ${first.length} cells are numbered from 0: ${numbered(first)}`,
  );
}

/** The cells of a row with their numbers, for an error. */
export const numbered = (cells: readonly unknown[]): string =>
  cells.map((cell, index) => `${index} ${JSON.stringify(String(cell).slice(0, 40))}`).join(', ');

/** Whether a cell is a number. */
export const isNumber = (cell: unknown): boolean => String(cell).trim() !== '' && Number.isFinite(Number(cell));

/** Whether a cell has no value: it is empty, or holds what pandas and NumPy write for a missing number. */
export const isMissing = (cell: unknown): boolean => /^(nan)?$/i.test(String(cell).trim());

/** Whether cells are numbers, apart from those without a value. */
export const areNumbers = (cells: readonly unknown[]): boolean =>
  cells.every((cell) => isNumber(cell) || isMissing(cell)) && cells.some(isNumber);

/**
 * The label's column, of two: the one that holds nothing but numbers, else the one with fewer different values.
 *
 * @returns undefined where they cannot be told apart
 */
export function labelColumn(rows: readonly Row[]): number | undefined {
  const numeric = [0, 1].filter((column) => areNumbers(rows.map(({ cells }) => cells[column])));
  if (numeric.length === 1) return numeric[0];
  const [left, right] = differentValues(rows);
  return left === right ? undefined : left < right ? 0 : 1;
}

const differentValues = (rows: readonly Row[]): [number, number] => [
  new Set(rows.map(({ cells }) => cells[0])).size,
  new Set(rows.map(({ cells }) => cells[1])).size,
];

function guessLabel(rows: readonly Row[], path: string): number {
  const label = labelColumn(rows);
  if (label !== undefined) return label;
  throw new UserError(
    `${path}: no header, and both columns have ${differentValues(rows)[0]} different values, so text and label cannot be ` +
      'told apart. Say which is which, counting from 0: `text: 0`, `label: 1`',
  );
}
