import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import type { BadRow, RowPlaces } from '../streams/bad-rows.js';
import { CsvRows } from './csv.js';

const readCsvRows = (text: string, path: string, delimiter?: string) =>
  new CsvRows({ path, unit: 'line' }, delimiter).read(text);

test('cells in quotes may hold delimiters, quotes and line breaks; lines are counted', () => {
  expect(readCsvRows('a,b\r\n"x, ""y""\r\nz",2\r\n3,4', 'a.csv')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x, "y"\r\nz', '2'] },
    { line: 4, cells: ['3', '4'] },
  ]);
});

test.each([
  ['text;label\nwell, no;0\n', ['well, no', '0']],
  ['text\tlabel\nwell; no\t0\n', ['well; no', '0']],
  ['text\nwell; no\n', ['well; no']],
])('takes the delimiter from the first line: %j', (text, cells) => {
  expect(readCsvRows(text, 'a.csv')[1]).toEqual({ line: 2, cells });
});

test('says on which line a quote is wrong, and how to write it', () => {
  expect(() => readCsvRows('a,b\n\n"x,1\ny,2\nz,3\n', 'a.csv')).toThrow(
    new UserError('a.csv:3: the row that begins here has a quote that is never closed'),
  );
  expect(() => readCsvRows('a,b\nhe said "hi",1\n', 'a.csv')).toThrow('a.csv:2: the row that begins here has a quote');
  expect(() => readCsvRows('a,b\n"x"y,1\n', 'a.csv')).toThrow('write each quote in it twice');
});

test('gives back any cells that were written by RFC 4180, each row with its line', () => {
  const cell = fc
    .array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '\t', 'é', '😀', '中'))
    .map((x) => x.join(''));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
      const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
      let line = 1;
      const expected = rows.map((cells, index) => {
        const row = { line, cells };
        line += 1 + ((quoted[index] ?? '').match(/\n/g)?.length ?? 0);
        return row;
      });
      expect(readCsvRows(quoted.join(end) + end, 'a.csv', ',')).toEqual(expected);
    }),
  );
});

test('any text gives the rows of csv-parse, or is refused where it refuses', () => {
  const text = fc
    .array(fc.constantFrom('a', '"', '""', ',', '\n', '\r\n', '\r', ' '), { maxLength: 20 })
    .map((x) => x.join(''));
  fc.assert(
    fc.property(text, (csv) => {
      const options = { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
      let expected: string[][] | undefined;
      try {
        expected = parse(csv, options);
      } catch {
        expect(() => readCsvRows(csv, 'a.csv', ',')).toThrow(UserError);
        return;
      }
      expect(readCsvRows(csv, 'a.csv', ',').map(({ cells }) => cells)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('bad rows are skipped, and reported with their lines', () => {
  const told: BadRow[] = [];
  const file: RowPlaces = { path: 'a.csv', unit: 'line', onBadRow: (row) => told.push(row) };
  const rows = new CsvRows(file).read('a,b\n"x\ny",1\nhe said "hi",2\n"z" w,3\nc,4\n"open,5\nd,6\n');
  expect(rows).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x\ny', '1'] },
    { line: 6, cells: ['c', '4'] },
    { line: 8, cells: ['d', '6'] },
  ]);
  expect(told.map(({ path, line }) => [path, line])).toEqual([
    ['a.csv', 4],
    ['a.csv', 5],
    ['a.csv', 7],
  ]);
});
