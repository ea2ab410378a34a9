import { expect, test } from 'vitest';
import { classificationColumns } from '../examples/classification/classification-columns.js';
import type { Table } from './table.js';

const table: Table = {
  path: 'a.csv',
  unit: 'line',
  columns: undefined,
  classNames: new Map(),
  async *rows() {},
};
const rows = (lines: readonly string[]) => lines.map((line, index) => ({ line: index + 1, cells: line.split('|') }));
const columns = (lines: readonly string[], wanted = {}, options = {}) =>
  classificationColumns(table, rows(lines), wanted, options);
const below = ['my card is lost|card', 'stolen card|card', 'slow app|app', 'app crashes|app'];

test.each([
  ['names with spaces', ['Customer Message|Issue Type', ...below]],
  ['Chinese names', ['正文|分类', '卡丢了|卡', '卡被偷|卡', '应用慢|应用', '应用崩溃|应用']],
  ['a rare class', ['message_body|topic', ...below, 'odd thing|misc']],
  ['labels that are numbers, but for the first', ['Nachricht|Bewertung', 'sehr gut|5', 'schlecht|1', 'geht so|3']],
  [
    'labels that are numbers, but for the first and those that are missing',
    ['Nachricht|Bewertung', 'sehr gut|nan', 'schlecht|', 'geht so|3'],
  ],
  ['numbers of columns, as pandas writes them', ['0|1', ...below]],
])('a header: %s', (_, lines) => {
  const found = columns(lines);
  expect([found.hasHeaderRow, found.text.index, found.label?.index]).toEqual([true, 0, 1]);
});

test.each([
  ['the label comes again', ['question type|card', ...below]],
  [
    'a rare class whose text is none of a name',
    ['it has been a fortnight since I asked you for my card|misc', ...below],
  ],
  ['a sentence', ['Nothing works.|misc', ...below]],
  ['numbers are labels', ['fine|1', 'dull|0']],
  ['the first number is missing', ['a fine film|NaN', 'fine|1', 'dull|0', 'so-so|0']],
  ['a later number is missing', ['a fine film|1', 'fine|nan', 'dull|0', 'so-so|0']],
])('no header: %s', (_, lines) => {
  expect(columns(lines).hasHeaderRow).toBe(false);
});

test.each([
  ['names of no known word', ['utt|cls', ...below], "`text: 'utt'`, `label: 'cls'`."],
  ['with the numbers of columns', ['Nachricht|Art', ...below], "`text: 'Nachricht'`, `label: 'Art'`."],
  ['a known name among the labels', ['stocks fell|news', ...below], '`text: "stocks fell"`, `label: \'news\'`.'],
  [
    'a known name beside a long text',
    ['I have a question about how this should work.|label', ...below],
    "`label: 'label'`.",
  ],
])('what may be the one or the other is refused: %s', (name, lines, advice) => {
  const wanted = name.startsWith('with') ? { text: 0, label: 1 } : {};
  expect(() => columns(lines, wanted)).toThrow(advice);
  expect(() => columns(lines, wanted)).toThrow('a.csv:1: this line looks like a header');
  expect(columns(lines, wanted, { header: false }).hasHeaderRow).toBe(false);
  if (name.startsWith('a known')) return; // the columns are to be named
  const found = columns(lines, wanted, { header: true });
  expect([found.hasHeaderRow, found.text.index, found.label?.index]).toEqual([true, 0, 1]);
});

test('of texts alone', () => {
  const texts = ['where is my order', 'cancel it please'];
  const isHeader = (first: string) => columns([first, ...texts], {}, { requireLabels: false }).hasHeaderRow;
  expect(isHeader('Message Body')).toBe(true);
  expect(isHeader('what is the status of my parcel')).toBe(false);
  for (const first of ['Delete message', 'ticket_nr', 'Nachricht']) expect(() => isHeader(first)).toThrow('`text: ');
});
