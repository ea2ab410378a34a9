/** @file Rows of CSV, quoted as in RFC 4180. */
// The build for browsers runs on Node too: one code path everywhere, and no Buffer that a bundler must supply.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { UserError } from '../errors.js';
import type { Row } from './table.js';

const lineBreak = /\r\n|\n|\r/g;

/**
 * Splits CSV into rows. A quoted cell may hold the delimiter, line breaks, and quotes written twice.
 *
 * The delimiter is the first of comma, tab and semicolon (the spreadsheet's, where the comma marks decimals) that the
 * first line has; files of these kinds all go by the name of .csv.
 *
 * @param text the file's text
 * @param path the file's name, for errors
 * @param delimiter what stands between cells
 * @throws UserError `path:line: ...` for a quote that is not closed, or that stands within a cell without quotes
 * @example
 * readCsvRows('text,label\n"well, no",0\n', 'a.csv')[1]   // { line: 2, cells: ['well, no', '0'] }
 */
export function readCsvRows(text: string, path: string, delimiter = delimiterOf(text)): Row[] {
  const rows: Row[] = [];
  let line = 1; // counted here, as csv-parse counts a CRLF within a quoted cell as two lines
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      on_record(cells) {
        rows.push({ line, cells });
        line += 1 + (cells.join().match(lineBreak)?.length ?? 0);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw new UserError(`${path}:${line}: ${explain(error)}`, { cause: error });
    throw error;
  }
  return rows;
}

function delimiterOf(text: string): string {
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  return [',', '\t', ';'].find((candidate) => firstLine.includes(candidate)) ?? ',';
}

function explain(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'the row that begins here has a quote that is never closed';
  return (
    'the row that begins here has a quote within a cell. ' +
    'Put the whole cell in double quotes and write each quote in it twice: "she said ""yes"""'
  );
}
