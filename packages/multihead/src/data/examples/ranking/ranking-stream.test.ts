/** @file Queries with documents that are streamed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  openRankingStream,
  type RankingExample,
  type RankingStreamOptions,
  readRankingExamples,
} from '../../../index.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';

const folder = temporaryFolder();

function file(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
}

async function all(path: string, options: RankingStreamOptions = {}) {
  const stream = await openRankingStream(path, options);
  const found: RankingExample[] = [];
  for await (const group of stream.examples()) found.push(...group);
  expect(found).toHaveLength(stream.length);
  return { ...stream, found };
}

const rows = file('rows.csv', ['query,document,label', 'q,a,2', 'r,b,0', 'q,c,0', 'r,d,1']);
const triplets = file('triplets.csv', ['query,positive,negative', 'q,a,b', 'r,c,d']);

test('a row with negatives is an example, as in memory', async () => {
  expect((await all(triplets)).found).toEqual(await readRankingExamples(triplets));
});

test('a row of a document is one for losses of single documents, and refused for others', async () => {
  const { found } = await all(rows, { singleDocuments: true });
  expect(found.map(({ query, documents, labels }) => [query, documents, labels])).toEqual([
    ['q', ['a'], [2]],
    ['r', ['b'], [0]],
    ['q', ['c'], [0]],
    ['r', ['d'], [1]],
  ]);
  await expect(openRankingStream(rows)).rejects.toThrow(
    /rows\.csv: the documents of a query may stand in rows anywhere/,
  );
});

test('what is held out are queries with all their documents', async () => {
  const queries = Array.from({ length: 40 }, (_, i) => `query ${i}`);
  const lines = ['a', 'b', 'c'].flatMap((document, i) => queries.map((query) => `${query},${document},${i}`));
  const path = file('many.csv', ['query,document,label', ...lines]);
  const { found, evaluation = [] } = await all(path, { singleDocuments: true, heldOut: { share: 0.3, seed: 1 } });
  expect(evaluation.length).toBeGreaterThan(0);
  for (const { documents, labels } of evaluation)
    expect([documents, labels]).toEqual([
      ['a', 'b', 'c'],
      [0, 1, 2],
    ]);
  const held = new Set(evaluation.map(({ query }) => query));
  expect(found.map(({ query }) => query).filter((query) => held.has(query))).toEqual([]);
  expect(found).toHaveLength(3 * (40 - held.size));
});

test('rows that rank nothing are refused, as in memory', async () => {
  const path = file('pairs.csv', ['query,document', 'q,a']);
  await expect(openRankingStream(path, { singleDocuments: true })).rejects.toThrow(/one document and no label/);
});
