/** @file Rows of TSV: plain as in GLUE's files, where a quote is a character like any other, or quoted as pandas writes. */
import { readCsvRows } from './csv.js';
import type { Row } from './table.js';

/**
 * Splits TSV into rows.
 *
 * By default a file is taken as quoted only if it could not well be anything else: wherever a quote stands, it belongs
 * to a cell that is properly quoted as a whole, and at least one cell holds a doubled quote, which is what pandas and
 * spreadsheets write for a quote. In any other file quotes are text.
 *
 * @param text   the file's text
 * @param path   the file's name, for errors
 * @param quotes whether cells may stand in quotes, if that is known
 * @example
 * readTsvRows('"a lone quote\t0\n', 'a.tsv')[0]           // { line: 1, cells: ['"a lone quote', '0'] }
 * readTsvRows('"he said ""hi"""\t0\n', 'a.tsv')[0]        // { line: 1, cells: ['he said "hi"', '0'] }
 */
export function readTsvRows(text: string, path: string, quotes = isQuoted(text)): Row[] {
  if (quotes) return readCsvRows(text, path, '\t');
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ line: index + 1, cells: line.split('\t') }));
}

const quotedCell = /"([^"]*(?:""[^"]*)*)"(?=\t|\r?\n|$)/y;
const plainCell = /[^"\t\n]*(?=\t|\n|$)/y;

function isQuoted(text: string): boolean {
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
