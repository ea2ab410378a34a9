import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TsvRows } from './tsv.js';

const cells = (text: string, quotes?: boolean) =>
  new TsvRows({ path: 'a.tsv', unit: 'line' }, quotes).read(text).map((row) => row.cells);

test.each([
  [
    'a lone quote at the start',
    '"so it begins\t0\nand ends"\t1\n',
    [
      ['"so it begins', '0'],
      ['and ends"', '1'],
    ],
  ],
  ['quotes within', 'say "hi"\t0\n', [['say "hi"', '0']]],
  [
    'a cell that is a quotation',
    '"wow"\t0\nno\t1\n',
    [
      ['"wow"', '0'],
      ['no', '1'],
    ],
  ],
  ['doubled quotes in plain text', 'x ""y"" z\t0\n', [['x ""y"" z', '0']]],
  [
    'quoted and unquoted quotes',
    '"he ""said"""\t0\na "b\t1\n',
    [
      ['"he ""said"""', '0'],
      ['a "b', '1'],
    ],
  ],
  [
    'no quotes',
    'a\tb\r\nc\td',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
])('takes quotes as text: %s', (_, text, expected) => {
  expect(cells(text)).toEqual(expected);
});

test.each([
  [
    'pandas',
    'text\tlabel\n"he said ""hi"""\t0\n"a\tb\nc"\t1\n',
    [
      ['text', 'label'],
      ['he said "hi"', '0'],
      ['a\tb\nc', '1'],
    ],
  ],
  [
    'CRLF',
    '"he said ""hi"""\t"0"\r\nx\t1\r\n',
    [
      ['he said "hi"', '0'],
      ['x', '1'],
    ],
  ],
  [
    'R',
    '"text"\t"label"\n"good film"\t"pos"\n',
    [
      ['text', 'label'],
      ['good film', 'pos'],
    ],
  ],
  [
    'a spreadsheet',
    'text\tlabel\r\n"Hello, friend"\tpos\r\n',
    [
      ['text', 'label'],
      ['Hello, friend', 'pos'],
    ],
  ],
])('sees that a file is quoted: %s', (_, text, expected) => {
  expect(cells(text)).toEqual(expected);
});

test("R's escaped quotes are not taken for text", () => {
  expect(() => cells('"text"\t"label"\n"he said \\"hi\\""\t"pos"\n')).toThrow(
    /^a.tsv:2: a quote .* `quotes: false`; .* twice/,
  );
});

test('does as told', () => {
  expect(cells('"wow"\t0\n', true)).toEqual([['wow', '0']]);
  expect(cells('"he said ""hi"""\t0\n', false)).toEqual([['"he said ""hi"""', '0']]);
});

test('counts lines, also those within a cell', () => {
  expect(new TsvRows({ path: 'a.tsv', unit: 'line' }).read('a\t1\n\nb\t2\n').map(({ line }) => line)).toEqual([
    1, 2, 3,
  ]);
  expect(new TsvRows({ path: 'a.tsv', unit: 'line' }).read('"x ""y""\nz"\t1\nb\t2\n').map(({ line }) => line)).toEqual([
    1, 3,
  ]);
});

test('gives back what pandas would write, and what GLUE would, as long as some lone quote is in it', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '"', ' ', '\t', '\n'), { minLength: 1 }).map((x) => x.join(''));
  const minimal = (cell: string) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const rows = [...texts, 'to "be" sure'].map((cell) => [cell, '0']);
      expect(cells(rows.map((row) => `${row.map(minimal).join('\t')}\n`).join(''))).toEqual(rows);
      const plain = [...texts.map((cell) => cell.replace(/[\t\n]/g, ' ')), 'an "odd one'].map((cell) => [cell, '0']);
      expect(cells(plain.map((row) => `${row.join('\t')}\n`).join(''))).toEqual(plain);
    }),
  );
});
