/** @file Data sets by name, from a hub of the test's own over real HTTP, and read from what was fetched. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readClassificationExamples } from '../data/examples/classification/classification.js';
import { commit, TestHub } from '../testing/hub-server.js';
import { datasetFolder, parseDatasetName } from './dataset-name.js';
import { resolveDataset } from './node.js';

const parquet = readFileSync(fileURLToPath(new URL('../../fixtures/data/tables/topics.parquet', import.meta.url)));
let hub: TestHub;
let cacheDir: string;

beforeEach(async () => {
  const paths = ['default/train/0000.parquet', 'default/train/0001.parquet', 'default/test/0000.parquet'];
  hub = new TestHub(Object.fromEntries(paths.map((path) => [path, parquet])), 'datasets');
  cacheDir = mkdtempSync(join(tmpdir(), 'hub-'));
  vi.stubEnv('HF_ENDPOINT', await hub.start());
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.close();
});

test("the part's Parquet files are fetched once, into the layout of Hugging Face, and read; then they are there offline", async () => {
  const folder = await resolveDataset('me/tiny', 'train', { cacheDir });
  expect(folder).toBe(join(cacheDir, 'datasets--me--tiny', 'snapshots', commit, 'default', 'train'));
  expect(readFileSync(join(cacheDir, 'datasets--me--tiny', 'refs', 'refs', 'convert', 'parquet'), 'utf8')).toBe(commit);
  expect(hub.requests[0]).toBe('GET /api/datasets/me/tiny/revision/refs%2Fconvert%2Fparquet');
  expect(hub.requests.some((line) => line.includes('test/'))).toBe(false);
  const examples = await readClassificationExamples(folder);
  expect(examples).toHaveLength(6); // two files of three rows
  const before = hub.requests.length;
  expect(await resolveDataset('me/tiny', 'train', { cacheDir, localFilesOnly: true })).toBe(folder);
  expect(hub.requests.length).toBe(before);
});

test('another part stands in where there is no validation part; a part may be named', async () => {
  expect(await resolveDataset('me/tiny', 'validation', { cacheDir })).toMatch(/default\/test$/);
  expect(await resolveDataset('me/tiny:train', 'validation', { cacheDir })).toMatch(/default\/train$/);
  await expect(resolveDataset('me/tiny:dev', 'train', { cacheDir })).rejects.toThrow(
    'me/tiny:dev: the data set has no part "dev". Name one: me/tiny/default:train, me/tiny/default:test',
  );
});

test('a part of which a file is lacking does not pass for the whole offline', async () => {
  const folder = await resolveDataset('me/tiny:test', 'train', { cacheDir });
  hub.intercept = ({ url }, response) => Boolean(url?.endsWith('0001.parquet') && response.writeHead(404).end());
  await expect(resolveDataset('me/tiny', 'train', { cacheDir })).rejects.toThrow('0001.parquet');
  await expect(resolveDataset('me/tiny', 'train', { cacheDir, localFilesOnly: true })).rejects.toThrow(
    'no part "train"',
  );
  rmSync(folder, { recursive: true });
});

test('what the hub refuses is said of a data set', async () => {
  hub.intercept = (_, response) => Boolean(response.writeHead(401, { 'x-error-code': 'RepoNotFound' }).end());
  await expect(resolveDataset('me/other', 'train', { cacheDir })).rejects.toThrow('the hub has no such data set');
  await expect(resolveDataset('no-slash')).rejects.toThrow("no file or folder, and no data set's name either");
});

test.each([
  ['me/tiny', { id: 'me/tiny' }],
  ['nyu-mll/glue/sst2', { id: 'nyu-mll/glue', config: 'sst2' }],
  ['nyu-mll/glue/sst2:validation', { id: 'nyu-mll/glue', config: 'sst2', split: 'validation' }],
  ['a/b:c', { id: 'a/b', split: 'c' }],
  ['train.csv', undefined],
  ['../a/b', undefined],
  ['/a/b', undefined],
  ['a/b/c/d', undefined],
  ['data/*.csv', undefined],
])('the name %s', (name, expected) => {
  expect(parseDatasetName(name)).toEqual(expected);
});

test('several configurations: one must be named; of a very large data set there is a part', () => {
  const files = ['cola/train/0000.parquet', 'sst2/partial-train/0000.parquet', 'README.md'];
  const folder = (name: string) =>
    datasetFolder(files, parseDatasetName(name) as NonNullable<ReturnType<typeof parseDatasetName>>, 'train', name);
  expect(() => folder('a/glue')).toThrow('has several configurations. Name one: a/glue/cola, a/glue/sst2');
  expect(() => folder('a/glue/x')).toThrow('has no configuration "x"');
  expect(folder('a/glue/sst2')).toBe('sst2/partial-train');
  expect(() => datasetFolder(['x.txt'], { id: 'a/b' }, 'train', 'a/b')).toThrow('no Parquet files of this data set');
});
