/** @file Headers of real tables: with its header no example is made of a table's header, and without it none is lost. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { Random } from '../../platform/random.js';
import { classificationColumns } from '../examples/classification/classification-columns.js';
import { openTable } from './open-table.js';
import type { Row } from './table.js';
import { findTableFiles } from './table-files.js';

const folder = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const isThere = existsSync(folder);
const paths = isThere
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(csv|tsv)$/.test(name))
      .map((name) => join(folder, name))
  : [];

/** Tables that begin with an example. */
const withoutHeader = /^(sst2|stsb)$/;

/** Rows that columns are found by, of the whole table and of parts of it. */
const [sampled, samples] = [40, 25];

async function rowsOf(path: string): Promise<{ readonly table: Awaited<ReturnType<typeof openTable>>; rows: Row[] }> {
  const [file] = await findTableFiles(path);
  if (!file) throw new Error(`no table: ${path}`);
  const table = await openTable(file, { isStreamed: true });
  const rows: Row[] = [];
  for await (const some of table.rows()) {
    rows.push(...some);
    if (rows.length >= 5000) break;
  }
  return { table, rows };
}

test.skipIf(!isThere)(`the header of each table in ${folder} (skipped where it is not there)`, async () => {
  const counts = { recognized: 0, 'named by the user': 0, 'read without': 0, 'columns to be named': 0 };
  const wrong: string[] = [];
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) {
    const { table, rows } = await rowsOf(path);
    const hasNone = withoutHeader.test(basename(join(path, '..')));
    const header = hasNone ? [] : rows.slice(0, 1);
    const examples = hasNone ? rows : rows.slice(1);
    const found = (given: readonly Row[]): boolean | undefined => {
      try {
        return classificationColumns(table, given, {}, { requireLabels: false }).hasHeaderRow;
      } catch (error) {
        if (error instanceof UserError) return undefined;
        throw error;
      }
    };
    const check = (sample: readonly Row[]) => {
      const [withHeader, without] = [header.length > 0 ? found([...header, ...sample]) : true, found(sample)];
      if (withHeader === false) wrong.push(`${path}: an example is made of the header before ${sample[0]?.cells}`);
      if (without === true) wrong.push(`${path}: an example is taken for a header: ${sample[0]?.cells}`);
      return [withHeader, without];
    };
    const [withHeader, without] = check(examples);
    if (header.length > 0) counts[withHeader ? 'recognized' : 'named by the user']++;
    counts[without === false ? 'read without' : 'columns to be named']++;
    const random = new Random(1n);
    for (let i = 0; i < samples; i++) check(random.shuffle(examples).slice(0, sampled));
  }
  expect(wrong).toEqual([]);
  expect(counts.recognized).toBeGreaterThanOrEqual(14);
  expect(counts['read without']).toBeGreaterThanOrEqual(14);
});
