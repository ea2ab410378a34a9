/**
 * @file Rows of CSV, quoted as in RFC 4180.
 *
 * csv-parse, by which the tests check this, reads 4 to 15 MB/s, as it looks at each character in JavaScript; cells found by
 * indexOf come at ten times that and more, and a file of 1 GB is nothing unusual.
 */
import { type RowPlaces, refuseRow } from '../streams/bad-rows.js';
import type { Row } from './table.js';

const quote = '"';
const unclosed = 'the row that begins here has a quote that is never closed';
const misplaced =
  'the row that begins here has a quote within a cell. ' +
  'Put the whole cell in double quotes and write each quote in it twice: "she said ""yes"""';

/**
 * Splits CSV into rows. A quoted cell may hold the delimiter, line breaks, and quotes written twice.
 *
 * The delimiter is the first of comma, tab and semicolon (the spreadsheet's, where the comma marks decimals) that the
 * first line has; files of these kinds all go by the name of .csv.
 *
 * @example
 * const rows = new CsvRows({ path: 'a.csv', unit: 'line' }).read('text,label\n"well, no",0\n');
 * rows[1]   // { line: 2, cells: ['well, no', '0'] }
 */
export class CsvRows {
  private line = 1;

  /**
   * @param file      its name, for errors, and what becomes of bad rows
   * @param delimiter what stands between cells
   */
  constructor(
    private readonly file: RowPlaces,
    private delimiter?: string,
  ) {}

  /**
   * Reads the next part of the file.
   *
   * @param text whole rows
   * @throws UserError `path:line: ...` for a quote that is not closed, or that stands within a cell without quotes
   */
  read(text: string): Row[] {
    this.delimiter ??= delimiterOf(text);
    const cursor = new Cursor(text, this.delimiter);
    const rows: Row[] = [];
    while (!cursor.isAtEnd) {
      const { line } = this;
      const found = cursor.row();
      if (typeof found === 'string') {
        refuseRow(this.file, line, found);
        this.line++; // skipped: the next row is looked for on the next line
      } else {
        rows.push({ line, cells: found });
        this.line += cursor.linesOfRow;
      }
    }
    return rows;
  }
}

function delimiterOf(text: string): string {
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  return [',', '\t', ';'].find((candidate) => firstLine.includes(candidate)) ?? ',';
}

/** A place in a text, from which rows are read. */
class Cursor {
  /** Lines that the last row took. */
  linesOfRow = 1;
  private at = 0;
  private readonly quotes: NextPlaces;
  private readonly delimiters: NextPlaces;
  private readonly lineFeeds: NextPlaces;
  private readonly returns: NextPlaces;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
  ) {
    this.quotes = new NextPlaces(text, quote);
    this.delimiters = new NextPlaces(text, delimiter);
    this.lineFeeds = new NextPlaces(text, '\n');
    this.returns = new NextPlaces(text, '\r');
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The cells of the next row, or what is wrong with it. */
  row(): string[] | string {
    const { at } = this;
    const end = this.lineEnd(at);
    if (this.quotes.from(at) >= end) {
      this.goPast(end);
      this.linesOfRow = 1;
      return this.plainCells(at, end);
    }
    const cells = this.quotedRow();
    if (typeof cells === 'string') this.goPast(this.lineEnd(at));
    return cells;
  }

  private plainCells(from: number, end: number): string[] {
    const cells: string[] = [];
    let at = from;
    for (let next = this.delimiters.from(at); next < end; next = this.delimiters.from(at)) {
      cells.push(this.text.slice(at, next));
      at = next + 1;
    }
    cells.push(this.text.slice(at, end));
    return cells;
  }

  /** The same, of a row that has quotes. */
  private quotedRow(): string[] | string {
    const { text } = this;
    const cells: string[] = [];
    let at = this.at;
    let lines = 1;
    for (;;) {
      if (text[at] === quote) {
        let close = text.indexOf(quote, at + 1);
        while (close >= 0 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
        if (close < 0) return unclosed;
        const cell = text.slice(at + 1, close);
        lines += cell.match(lineBreak)?.length ?? 0;
        cells.push(cell.replaceAll('""', quote));
        at = close + 1;
      } else {
        const end = Math.min(this.delimiters.from(at), this.lineEnd(at));
        if (this.quotes.from(at) < end) return misplaced;
        cells.push(text.slice(at, end));
        at = end;
      }
      if (text[at] === this.delimiter) at++;
      else if (at >= text.length || at === this.lineEnd(at)) break;
      else return misplaced;
    }
    this.goPast(at);
    this.linesOfRow = lines;
    return cells;
  }

  /** Goes behind the line break at a place. */
  private goPast(lineEnd: number): void {
    this.at = lineEnd + (this.text.startsWith('\r\n', lineEnd) ? 2 : 1);
  }

  private lineEnd(from: number): number {
    return Math.min(this.lineFeeds.from(from), this.returns.from(from));
  }
}

const lineBreak = /\r\n|\n|\r/g;

/** Where a character stands next. Asked of growing places, it searches each stretch of the text once. */
class NextPlaces {
  private asked = 0;
  private next = -1;

  constructor(
    private readonly text: string,
    private readonly character: string,
  ) {}

  /** The text's length, where there is none any more. */
  from(place: number): number {
    if (place < this.asked || place > this.next) {
      const found = this.text.indexOf(this.character, place);
      this.next = found < 0 ? this.text.length : found;
      this.asked = place;
    }
    return this.next;
  }
}
