import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenTableOptions, openTable } from './open-table.js';
import { findTableFiles, type TableFormat } from './table-files.js';

/** A whole table. */
async function readTable(path: string, options: OpenTableOptions & { format?: TableFormat } = {}) {
  const [found] = await findTableFiles(path, options);
  const table = await openTable(found as NonNullable<typeof found>, options);
  const rows = [];
  for await (const group of table.rows()) rows.push(...group);
  return { columns: table.columns, rows };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

test('the ending of the name tells the format, or the option does', async () => {
  expect((await readTable(await file('a.CSV', 'x,"y,z"'))).rows[0]?.cells).toEqual(['x', 'y,z']);
  expect((await readTable(await file('a.tsv', 'x\t"y'))).rows[0]?.cells).toEqual(['x', '"y']);
  expect((await readTable(await file('a.ndjson', '{"x": 1}'))).columns).toEqual(['x']);
  expect((await readTable(await file('a.txt', 'x\ty'), { format: 'tsv' })).rows[0]?.cells).toEqual(['x', 'y']);
  await expect(readTable(await file('a.txt', 'x'))).rejects.toThrow(
    'a.txt: the name must end in .csv, .tsv, .json, .jsonl, .ndjson, .parquet, .conll, .bio, .iob, or `format` must say what it is',
  );
});

test('a byte order mark is no part of the first cell', async () => {
  expect((await readTable(await file('a.csv', '\ufeffx,y'))).rows[0]?.cells).toEqual(['x', 'y']);
});

test('blank lines are skipped, except where they would be missing texts', async () => {
  const { rows } = await readTable(await file('a.csv', 'a,1\n\nb,2\n\n'));
  expect(rows.map(({ line }) => line)).toEqual([1, 3]);
  const single = await readTable(await file('a.tsv', 'a\n\nb\n\n\n'));
  expect(single.rows.map(({ cells }) => cells[0])).toEqual(['a', '', 'b']);
});

test('says which line has too many or too few cells', async () => {
  await expect(readTable(await file('a.csv', 'a,1\nb, c,2\n'))).rejects.toThrow(
    /a\.csv:2: 3 cells, where line 1 has 2\. A cell with a comma or a line break in it must stand in double quotes\./,
  );
  await expect(readTable(await file('a.tsv', 'a\t1\nb\n'))).rejects.toThrow('a.tsv:2: 1 cells, where line 1 has 2');
});

test.each(['a.csv', 'a.tsv', 'a.jsonl'])('an empty file is told as such: %s', async (name) => {
  await expect(readTable(await file(name, '\n \n'))).rejects.toThrow(`${name}: the file is empty`);
});
