import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { BadRow } from '../../streams/bad-rows.js';
import { type ClassificationExample, readClassificationExamples } from './classification.js';
import { openClassificationStream } from './classification-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function all(stream: { examples(): AsyncIterable<readonly ClassificationExample[]> }) {
  const found: ClassificationExample[] = [];
  for await (const group of stream.examples()) found.push(...group);
  return found;
}

// More than a piece of 1 MB, with line breaks and quotes in the cells, so that pieces end within quotes.
const rows = Array.from({ length: 40_000 }, (_, i) => ({
  text: `row ${i}${i % 3 === 0 ? ' says "so",\nand goes on' : ''} ${'é'.repeat(i % 40)}`,
  label: ['good', 'bad', 'so-so'][i % 3] as string,
}));
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const csv = `text,label\n${rows.map(({ text, label }) => `${quoted(text)},${label}\n`).join('')}`;
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n');
const quotedTsv = `text\tlabel\n${rows.map(({ text, label }) => `${quoted(text)}\t${label}\n`).join('')}`;
const plainTsv = rows.map(({ text, label }) => `"${text.replaceAll('\n', ' ')}\t${label}\n`).join('');

test.each([
  ['big.csv', csv],
  ['big.csv.gz', gzipSync(csv)],
  ['big.jsonl', jsonl],
  ['quoted.tsv', quotedTsv],
  ['plain.tsv', plainTsv],
])('%s gives what reading it whole gives, as often as one likes', async (name, content) => {
  const path = file(name, content);
  const expected = await readClassificationExamples(path);
  expect(expected).toHaveLength(40_000);
  const stream = await openClassificationStream(path);
  expect(stream.length).toBe(40_000);
  expect(stream.labels.names).toEqual(['bad', 'good', 'so-so']);
  expect([...stream.labelCounts]).toEqual([
    ['good', 13_334],
    ['bad', 13_333],
    ['so-so', 13_333],
  ]);
  expect(await all(stream)).toEqual(expected);
  expect(await all(stream)).toEqual(expected);
});

test('Parquet, several files, numbers; the mark tells other data', async () => {
  const parquet = fileURLToPath(new URL('../../../../fixtures/data/tables/scores.parquet', import.meta.url));
  const told: BadRow[] = [];
  const stream = await openClassificationStream(parquet, { onBadRow: (row) => told.push(row) });
  expect(stream.labels).toEqual({ problemType: 'regression', names: [] });
  expect((await all(stream)).map(({ label }) => label)).toEqual([0.5, 1, 2.25]);
  expect(told.map(({ row }) => row)).toEqual([4, 5]); // told once, though read three times
  const mark = async (content: string) => (await openClassificationStream(file('mark.csv', content))).fingerprint;
  const first = await mark('text,label\na,1\nb,2\n');
  expect(await mark('text,label\na,1\nb,2\n')).toBe(first);
  expect(await mark('text,label\na,1\nc,2\n')).not.toBe(first);
  expect(await mark('text,label\na,1\nb,3\n')).not.toBe(first);
});

test('a part may be held out: by its texts, the same for the same seed, and seen by nobody else', async () => {
  const path = file('share.csv', csv);
  const whole = await readClassificationExamples(path);
  const open = (seed: number) => openClassificationStream(path, { heldOut: { share: 0.05, seed } });
  const stream = await open(1);
  const { evaluation = [] } = stream;
  const streamed = await all(stream);
  expect(evaluation.length / 40_000).toBeCloseTo(0.05, 2);
  expect(stream.length).toBe(40_000 - evaluation.length);
  expect(streamed).toHaveLength(stream.length);
  expect([...streamed, ...evaluation].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))).toEqual(whole);
  const ofTrain = streamed.filter(({ label }) => label === 'good').length;
  expect(stream.labelCounts.get('good')).toBe(ofTrain);
  expect((await open(1)).evaluation).toEqual(evaluation);
  expect((await open(2)).evaluation).not.toEqual(evaluation);
  expect((await open(2)).fingerprint).not.toBe(stream.fingerprint);
  const twice = await openClassificationStream(file('twice.csv', `text,label\n${'a,1\nb,2\nc,1\nd,2\n'.repeat(9)}`), {
    heldOut: { share: 0.5, seed: 3 },
  });
  const texts = new Set((await all(twice)).map(({ text }) => text));
  expect(twice.evaluation?.some(({ text }) => texts.has(text))).toBe(false);
});

test('a share of which nothing comes is refused', async () => {
  const path = file('few.csv', 'text,label\na,1\nb,2\n');
  const open = (share: number) => openClassificationStream(path, { heldOut: { share, seed: 1 } });
  await expect(open(1e-9)).rejects.toThrow('none of 2 examples');
  await expect(open(0.999999999)).rejects.toThrow('all examples');
  await expect(open(2)).rejects.toThrow('a number between 0 and 1 was expected');
  const many = file(
    'many.csv',
    `text,label\n${Array.from({ length: 150_000 }, (_, i) => `t${i},${i % 2}\n`).join('')}`,
  );
  await expect(openClassificationStream(many, { heldOut: { share: 0.9, seed: 1 } })).rejects.toThrow(
    'more than 100000 examples',
  );
});

test('what is wrong is found before training', async () => {
  const bad = file('bad.csv', `${csv}only one cell\n`);
  await expect(openClassificationStream(bad)).rejects.toThrow(/bad\.csv:53336: 1 cells, where line 1 has 2/);
  await expect(openClassificationStream('-')).rejects.toThrow('standard input comes only once');
  const open = file('open.csv', 'text,label\n"never closed,1\nb,2\n');
  await expect(openClassificationStream(open)).rejects.toThrow(
    'open.csv:2: the row that begins here has a quote that is',
  );
});

test('a header that comes in a piece by itself is one', async () => {
  const text = `"${'long '.repeat(300_000)}"`; // longer than a piece
  const stream = await openClassificationStream(file('long.csv', `text,label\n${text},a\nb,b\n`));
  expect((await all(stream)).map(({ label, line }) => [label, line])).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
});
