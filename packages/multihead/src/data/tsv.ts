/** @file Rows of TSV: plain as in GLUE's files, where a quote is a character like any other, or quoted as pandas writes. */
import type { RowPlaces } from './bad-rows.js';
import { CsvRows } from './csv.js';
import type { Row } from './table.js';

/**
 * Splits TSV into rows.
 *
 * By default a file is taken as quoted only if it could not well be anything else: wherever a quote stands, it belongs
 * to a cell that is properly quoted as a whole, and at least one cell holds a doubled quote, which is what pandas and
 * spreadsheets write for a quote. In any other file quotes are text.
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
    this.decided ??= isQuoted(text);
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

/** Whether all quotes of a text are those around cells, and some are doubled. */
export function isQuoted(text: string): boolean {
  if (!text.includes('""')) return false;
  let hasDoubledQuote = false;
  for (let offset = 0; offset < text.length; offset++) {
    const pattern = text[offset] === '"' ? quotedCell : plainCell;
    pattern.lastIndex = offset;
    const cell = pattern.exec(text);
    if (!cell) return false;
    hasDoubledQuote ||= cell[1]?.includes('""') ?? false;
    offset = pattern.lastIndex + (text.startsWith('\r\n', pattern.lastIndex) ? 1 : 0);
  }
  return hasDoubledQuote;
}
