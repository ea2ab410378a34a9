import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { BadRow } from './bad-rows.js';
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
  const parquet = fileURLToPath(new URL('../../fixtures/data/tables/scores.parquet', import.meta.url));
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

test('a share is set aside: the same each time, by texts, and nothing is lost', async () => {
  const path = file('split.csv', csv);
  const evalSplit = { share: 0.1, seed: 3 };
  const whole = await readClassificationExamples(path);
  const stream = await openClassificationStream(path, { evalSplit });
  const train = await all(stream);
  expect(await all(stream)).toEqual(train);
  expect(train).toHaveLength(stream.length);
  expect([...train, ...stream.evaluation].sort((a, b) => a.line - b.line)).toEqual(whole);
  expect(stream.evaluation.length).toBeGreaterThan(3700);
  expect(stream.evaluation.length).toBeLessThan(4300);
  const counts = ['bad', 'good', 'so-so'].map((name) => train.filter(({ label }) => label === name).length);
  expect(['bad', 'good', 'so-so'].map((name) => stream.labelCounts.get(name))).toEqual(counts);
  const again = await openClassificationStream(path, { evalSplit });
  expect(again.evaluation).toEqual(stream.evaluation);
  expect(again.fingerprint).toBe(stream.fingerprint);
  const other = await openClassificationStream(path, { evalSplit: { share: 0.1, seed: 4 } });
  expect(other.evaluation).not.toEqual(stream.evaluation);
  expect(other.fingerprint).not.toBe(stream.fingerprint);
});

test('a label of which all is set aside is a label of the model, but counted in no training', async () => {
  const pairs = Array.from({ length: 200 }, (_, i) => `text ${i},${i === 0 ? 'rare' : 'usual'}`);
  const path = file('rare.csv', `text,label\n${pairs.join('\n')}\n`);
  for (const seed of Array.from({ length: 50 }, (_, i) => i)) {
    const { labels, labelCounts, evaluation } = await openClassificationStream(path, {
      evalSplit: { share: 0.5, seed },
    });
    expect(labels.names).toEqual(['rare', 'usual']);
    const isAside = evaluation.some(({ label }) => label === 'rare');
    expect(labelCounts.get('rare')).toBe(isAside ? undefined : 1);
  }
});

test('a share that leaves a part empty is refused', async () => {
  const path = file('few.csv', 'text,label\na,1\nb,2\n');
  await expect(openClassificationStream(path, { evalSplit: { share: 1e-9, seed: 1 } })).rejects.toThrow(
    'of 2 examples, a share of 1e-9 leaves one part empty',
  );
});
