/** @file Whether the first row of a table is a header whose names are not known. */
import { UserError } from '../../platform/errors.js';
import { columnNumber, usualRole, type WantedColumns } from './column-names.js';
import { areNumbers, isMissing, isNumber, labelColumn } from './column-positions.js';
import { countWords, isNameOf, isNothingButName, mayBeName } from './header-words.js';
import type { Row } from './table.js';

/**
 * Tells whether the first row is a header, by what is in the rows: of no name in it is known what it stands for.
 *
 * It is one if labels are numbers and the first is none; if its label is no other row's and both cells read as names
 * (`Customer Message,Issue Type`); and if it numbers the columns, as pandas does with those that have no names. It is none
 * if its label is another row's too, or its text is no name: long, or ended as a sentence is.
 *
 * @param rows   the rows of CSV or TSV, of equal width
 * @param wanted the columns that the user gave, by number
 * @param path   the file's name, for errors
 * @throws UserError if it may be the one or the other: an example lost is as bad as one too many
 */
export function isUnknownHeader(rows: readonly Row[], wanted: WantedColumns, path: string): boolean {
  const [first, ...others] = rows;
  if (!first || others.length === 0) return false;
  const { cells } = first;
  const isNumbered = cells.every((cell, column) => String(cell).trim() === `${column}`);
  if (isNumbered && others.every((row) => row.cells.some((cell) => !isNumber(cell)))) return true;
  const label = numberOf(wanted.label) ?? (cells.length === 2 ? labelOfTwo(others, wanted) : undefined);
  const text = numberOf(wanted.text) ?? (cells.length === 2 && label !== undefined ? 1 - label : 0);
  const isRead = cells.length === 1 || wanted.text !== undefined;
  if (label === undefined)
    return cells.length === 2 ? areNames(cells) : isRead && isTextName(first, others, text, path);
  if (label >= cells.length || text >= cells.length || text === label) return false; // refused where columns are found
  const [ofFirst, ofOthers] = [cells[label], others.map((row) => row.cells[label])];
  if (isMissing(ofFirst)) return false;
  if (areNumbers(ofOthers)) return !isNumber(ofFirst);
  if (ofOthers.some((cell) => same(cell, ofFirst))) return false;
  if (isNameOf('text', cells[text]) && isNameOf('label', ofFirst)) return true;
  const doesRepeat = new Set(ofOthers).size < ofOthers.length;
  if (doesRepeat && mayBeName(cells[text]) && mayBeName(ofFirst)) refuse(first, { text, label }, path);
  return false;
}

/**
 * Refuses a first row of two that only one known name makes a header, if what else is known speaks against it: the name
 * stands in the other's column (`news` among labels), or beside a text.
 *
 * @throws UserError if it may be an example
 */
export function refuseDoubtfulHeader(rows: readonly Row[], wanted: WantedColumns, path: string): void {
  const [first, ...others] = rows;
  if (Object.values(wanted).some((name) => name !== undefined)) return;
  if (first?.cells.length !== 2 || others.length === 0) return;
  const roles = first.cells.map(usualRole);
  const named = roles.findIndex((role) => role !== undefined);
  if (named < 0 || roles[1 - named] !== undefined) return;
  const label = labelOfTwo(others, {});
  const isMisplaced = label !== undefined && (roles[named] === 'label') !== (named === label);
  const other = first.cells[1 - named];
  if (!isMisplaced && (mayBeName(other) || String(other).trim() === '' || isNumber(other))) return;
  refuse(first, label === undefined ? { text: 1 - named, label: named } : { text: 1 - label, label }, path);
}

const numberOf = (reference: string | number | undefined): number | undefined =>
  reference === undefined ? undefined : columnNumber(reference);

function labelOfTwo(rows: readonly Row[], wanted: WantedColumns): number | undefined {
  const text = numberOf(wanted.text);
  if (text === 0 || text === 1) return 1 - text;
  return labelColumn(rows);
}

const same = (a: unknown, b: unknown): boolean => String(a).trim() === String(b).trim();

const areNames = ([left, right]: readonly unknown[]): boolean =>
  (isNameOf('text', left) && isNameOf('label', right)) || (isNameOf('label', left) && isNameOf('text', right));

/** Of texts alone: nothing but their look tells. */
function isTextName(first: Row, others: readonly Row[], text: number, path: string): boolean {
  const cell = first.cells[text];
  if (others.some((row) => same(row.cells[text], cell)) || !mayBeName(cell)) return false;
  if (isNothingButName(cell)) return true;
  const isIdentifier = /^\p{L}+(_\p{L}+)+$/u.test(String(cell).trim());
  const count = countWords(cell);
  const isShortest = others.length > 1 && count <= 3 && others.every((row) => countWords(row.cells[text]) > count);
  if (isNameOf('text', cell) || isIdentifier || isShortest) refuse(first, { text }, path);
  return false;
}

function refuse(
  { line, cells }: Row,
  columns: { readonly text: number; readonly label?: number },
  path: string,
): never {
  const named = (column: number) => {
    const name = String(cells[column]);
    return /^[\w\p{L}]+$/u.test(name) ? `'${name}'` : JSON.stringify(name);
  };
  const label = columns.label === undefined ? '' : `, \`label: ${named(columns.label)}\``;
  throw new UserError(
    `${path}:${line}: this line looks like a header with names that are not known. If it is one, name the columns: ` +
      `\`text: ${named(columns.text)}\`${label}. If it is an example, say \`header: false\``,
  );
}
