/** @file Rows of TSV: plain as in GLUE's files, where a quote is a character like any other, or quoted as pandas writes. */
import { UserError } from '../../platform/errors.js';
import type { RowPlaces } from '../streams/bad-rows.js';
import { CsvRows } from './csv.js';
import type { Row } from './table.js';

/**
 * Splits TSV into rows.
 *
 * By default a file is taken as quoted only if it could not well be anything else: wherever a quote stands, it belongs
 * to a cell that is properly quoted as a whole, and at least one must be: it holds a doubled quote, which is what pandas
 * and spreadsheets write for a quote, or a comma, for which spreadsheets quote; or all cells of the first line
 * stand in quotes, as R writes them. In any other file quotes are text.
 *
 * @example
 * const file = { path: 'a.tsv', unit: 'line' } as const;
 * new TsvRows(file).read('"a lone quote\t0\n')[0]           // { line: 1, cells: ['"a lone quote', '0'] }
 * new TsvRows(file).read('"he said ""hi"""\t0\n')[0]        // { line: 1, cells: ['he said "hi"', '0'] }
 */
export class TsvRows {
  private line = 1;
  private quoted: CsvRows | undefined;
  private decided: boolean | undefined;

  /**
   * @param file   its name, for errors, and what becomes of bad rows
   * @param quotes whether cells may stand in quotes, if that is known
   */
  constructor(
    private readonly file: RowPlaces,
    quotes?: boolean,
  ) {
    this.decided = quotes;
  }

  /** Reads the next part of the file: whole rows. The first one decides on quotes, where that is not known. */
  read(text: string): Row[] {
    this.decided ??= isQuoted(text, this.file.path);
    if (this.decided) {
      this.quoted ??= new CsvRows(this.file, '\t');
      return this.quoted.read(text);
    }
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    return lines.map((line) => ({ line: this.line++, cells: line.split('\t') }));
  }
}

const quotedCell = /"([^"]*(?:""[^"]*)*)"(?=\t|\r?\n|$)/y;
const plainCell = /[^"\t\n]*(?=\t|\n|$)/y;

/** Names of columns, or cells, all of them in quotes: R writes so, and nobody who means text. */
const quotedLine = /^"[^"\t\n]*"(?:\t"[^"\t\n]*")+\r?(?:\n|$)/;
/** What is in a cell that stands in quotes for a reason. Of one with a tab or line break, the quotes may be two lone ones. */
const reason = /""|^[^\t\n]*,[^\t\n]*$/;

/**
 * Whether all quotes of a text are those around cells, and some must be: one is doubled, a cell holds what is quoted for, or
 * all cells of the first line are quoted.
 *
 * @param path the file's name, for the error
 * @throws UserError if the first line is quoted as a whole, but other quotes are not those around cells
 */
export function isQuoted(text: string, path: string): boolean {
  if (!text.includes('"')) return false;
  const isFirstLineQuoted = quotedLine.test(text);
  let isNeeded = isFirstLineQuoted;
  for (let offset = 0; offset < text.length; offset++) {
    const pattern = text[offset] === '"' ? quotedCell : plainCell;
    pattern.lastIndex = offset;
    const cell = pattern.exec(text);
    if (!cell && isFirstLineQuoted) {
      const line = text.slice(0, offset).split('\n').length;
      throw new UserError(
        `${path}:${line}: a quote that is not doubled, where the first line has its cells in quotes. If quotes are text in ` +
          'this file, say `quotes: false`; if cells stand in them, write each quote within twice (R: qmethod = "double")',
      );
    }
    if (!cell) return false;
    isNeeded ||= reason.test(cell[1] ?? '');
    offset = pattern.lastIndex + (text.startsWith('\r\n', pattern.lastIndex) ? 1 : 0);
  }
  return isNeeded;
}
