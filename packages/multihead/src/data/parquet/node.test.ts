/** @file Damaged Parquet files end in an error, whatever the library does with them; sound ones are read as it reads them. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { deriveSeed, Random } from '../../platform/random.js';
import { mutateBytes } from '../../testing/mutation/mutate.js';
import type { ConnectParquet } from './connection.js';
import { connectParquet, type ParquetLimits, ParquetProcess } from './node.js';
import { openParquet } from './open-parquet.js';
import { connectParquet as connectInThread } from './web.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/data/${name}.parquet`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function all(connect: ConnectParquet, path: string) {
  const connection = connect(path, 1000);
  const about = await connection.about();
  const groups = [];
  for (let index = 0; index < about.groups; index++) groups.push(await connection.group(index, about.columns));
  await connection.close();
  return { about, groups };
}

test.each([
  'corpus/body',
  'corpus/gzip',
  'corpus/snappy',
  'corpus/zstd',
  'tables/classes',
  'tables/squad',
  'tables/topics',
])('%s comes as it is read in the thread that asks', async (name) => {
  const found = await all(connectParquet, fixture(name));
  expect(found).toEqual(await all(connectInThread, fixture(name)));
  expect(found.groups[0]?.[0]?.length).toBeGreaterThan(0);
});

const hostile = (name: string) => fixture(`hostile/${name}`);

async function readFirstGroup(path: string, limits: ParquetLimits): Promise<unknown[][]> {
  const connection = new ParquetProcess(path, limits);
  try {
    return await connection.group(0, (await connection.about()).columns);
  } finally {
    await connection.close();
  }
}

test('what fills the heap is an error that names the file, and the next file is read', async () => {
  const path = join(folder, 'filling.parquet');
  // Of 6,000 damaged files the one of which hyparquet 1.33 fills all memory: a run of values says that it is a billion long.
  writeFileSync(path, mutateBytes(readFileSync(fixture('tables/topics')), new Random(deriveSeed(77, 'f', 4999))));
  await expect(readFirstGroup(path, { seconds: 100, megabytes: 40 })).rejects.toThrow(
    `${path}: cannot be read as Parquet: a part of it took more than 40 MB. It is damaged, or its row groups are far larger`,
  );
  expect((await openParquet(fixture('tables/topics'))).length).toBeGreaterThan(0);
}, 120_000);

test('so is what fills memory outside the heap', async () => {
  const path = hostile('swelling');
  await expect(readFirstGroup(path, { seconds: 100, megabytes: 100 })).rejects.toThrow(
    `${path}: cannot be read as Parquet: a part of it took more than 100 MB.`,
  );
}, 120_000);

test('and what has no end', async () => {
  const path = hostile('endless');
  await expect(readFirstGroup(path, { seconds: 1, megabytes: 512 })).rejects.toThrow(
    `${path}: cannot be read as Parquet: a part of it took more than 1 s.`,
  );
}, 120_000);

test('a missing file, and what is no Parquet', async () => {
  await expect(openParquet(join(folder, 'none.parquet'))).rejects.toThrow('none.parquet');
  const path = join(folder, 'text.parquet');
  writeFileSync(path, 'text');
  await expect(openParquet(path)).rejects.toThrow(`${path}: cannot be read as Parquet: `);
});

const program = (code: string) => ['--input-type=module', '-e', code];
const urlOf = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

test('a process that waits for another file keeps no program from its end', () => {
  const code = `import { openParquet } from ${urlOf('./open-parquet.js')};
    const { columns, groups } = await openParquet(${JSON.stringify(fixture('corpus/snappy'))});
    for await (const rows of groups(columns)) console.log(rows.length);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, program(code), {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(Number(stdout.split('\n')[0])).toBeGreaterThan(0);
}, 70_000);

test('a program that is killed leaves no process behind that goes round and round', async () => {
  const code = `import { ParquetProcess } from ${urlOf('./node.js')};
    const connection = new ParquetProcess(${JSON.stringify(hostile('endless'))}, { seconds: 1000, megabytes: 512 });
    const { columns } = await connection.about();
    console.log(connection.child.pid);
    await connection.group(0, columns);`;
  const parent = spawn(process.execPath, program(code), { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((done) => parent.stdout.once('data', (text: Buffer) => done(Number(text))));
  expect(isAlive(pid)).toBe(true);
  await new Promise((done) => setTimeout(done, 300)); // it has begun with the row group
  parent.kill('SIGKILL');
  for (let times = 0; times < 200 && isAlive(pid); times++) await new Promise((done) => setTimeout(done, 100));
  expect(isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
