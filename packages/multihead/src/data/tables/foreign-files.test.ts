/** @file Workbooks, archives and documents are told as what they are, by their names and by their bytes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readClassificationExamples } from '../examples/classification/classification.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'multihead-foreign-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: Uint8Array | string) {
  await writeFile(join(folder, name), content);
  return readClassificationExamples(join(folder, name));
}

test.each([
  ['book.xlsx', 'is an Excel workbook, not a table. Save the sheet as CSV (UTF-8) and give that file'],
  ['OLD.XLS', 'is an Excel workbook'],
  ['sheet.ods', 'is a spreadsheet'],
  ['data.zip', 'is an archive, not a table. Unpack it and give the file inside'],
  ['data.tgz', 'is an archive'],
  ['paper.pdf', 'is a PDF document'],
  ['train.arrow', 'is an Arrow file'],
  ['train.pkl', 'is a pickle'],
])('by the name: %s', async (name, message) => {
  await expect(read(name, 'text,label\na,b\n')).rejects.toThrow(message);
});

const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0, 0xff, 0xfe, 10, 44]);
test.each<[string, Uint8Array, string]>([
  ['renamed.csv', zip, 'renamed.csv: is a ZIP archive or a workbook, not a table. Unpack it'],
  ['renamed.jsonl', zip, 'renamed.jsonl: is a ZIP archive or a workbook'],
  ['renamed.json', zip, 'renamed.json: is a ZIP archive or a workbook'],
  ['old.csv', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'old.csv: is an Excel workbook'],
  [
    'packed.csv',
    gzipSync('text,label\na,b\n'),
    'packed.csv: is a file packed with gzip, not a table. Add .gz to its name',
  ],
  ['inside.csv.gz', gzipSync(zip), 'inside.csv.gz: is a ZIP archive or a workbook'],
  ['columns.csv', new TextEncoder().encode('PAR1abc'), 'columns.csv: is a Parquet file'],
])('by the bytes, whatever the name says: %s', async (name, content, message) => {
  await expect(read(name, content)).rejects.toThrow(message);
});

test('texts that begin alike are read', async () => {
  const [first] = await read('pk.csv', 'text,label\nPK is short for primary key,a\nb,c\n');
  expect(first?.text).toBe('PK is short for primary key');
});
