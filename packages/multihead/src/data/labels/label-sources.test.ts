/** @file Labels of all kinds and formats, read at once and streamed: both must find the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type ClassificationFileOptions,
  readClassificationExamples,
} from '../examples/classification/classification.js';
import { openClassificationStream } from '../examples/classification/classification-stream.js';
import type { BadRow } from '../streams/bad-rows.js';
import { labelSet } from './label-set.js';

const folder = mkdtempSync(join(tmpdir(), 'labels-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/data/tables/${name}`, import.meta.url));

/** Files with these labels, in their formats' own spelling; a name of a fixture stands for itself. */
function files(...contents: [name: string, ...labels: string[]][]): string[] {
  const own = mkdtempSync(join(folder, 'files-'));
  return contents.map(([name, ...labels], index) => {
    if (labels.length === 0) return fixture(name);
    const path = join(own, `${index}-${name}`);
    const rows = name.endsWith('.csv')
      ? ['text,label', ...labels.map((label, i) => `text ${i},${label}`)]
      : labels.map((label, i) => `{"text": "text ${i}", "label": ${label}}`);
    writeFileSync(path, `${rows.join('\n')}\n`);
    return path;
  });
}

const readers = {
  'at once': async (sources: string[], options: ClassificationFileOptions) => {
    const examples = await readClassificationExamples(sources, options);
    return { ...labelSet(examples), labels: examples.map(({ label }) => label) };
  },
  streamed: async (sources: string[], options: ClassificationFileOptions) => {
    const stream = await openClassificationStream(sources, options);
    const labels: unknown[] = [];
    for await (const group of stream.examples()) labels.push(...group.map(({ label }) => label));
    return { ...stream.labels, labels };
  },
};

describe.each(Object.entries(readers))('%s', (_, read) => {
  test.each<[string, ReturnType<typeof files>, string[]]>([
    [
      'codes in one file make codes of numbers in another',
      files(['a.csv', '007', '012'], ['b.csv', '123', '456']),
      ['007', '012', '123', '456'],
    ],
    ['and in the file before', files(['a.csv', '123', '456'], ['b.csv', '007']), ['007', '123', '456']],
    ['floats that are whole, as pandas writes them', files(['a.csv', '1.0', '0.0']), ['0', '1']],
    [
      'integers beyond 2^53',
      files(['a.jsonl', '1', '9007199254740993', '9007199254740992']),
      ['1', '9007199254740992', '9007199254740993'],
    ],
    [
      'integers beyond 2^53 in lists',
      files(['a.jsonl', '[9007199254740993]', '[9007199254740992, 1]']),
      ['1', '9007199254740992', '9007199254740993'],
    ],
    ['booleans', files(['a.jsonl', 'true', 'false', 'true']), ['false', 'true']],
    ['words for booleans', files(['a.csv', 'True', 'False']), ['False', 'True']],
    ['numbers of JSON beside codes of CSV', files(['a.csv', '007', '12'], ['b.jsonl', '5']), ['007', '12', '5']],
    ['lists that are no vectors', files(['a.jsonl', '[0, 1]', '[1]', '[]']), ['0', '1']],
  ])('%s', async (__, sources, names) => {
    const found = await read(sources, {});
    expect(found.names).toEqual(names);
    expect(new Set(found.labels.flat().map(String))).toEqual(new Set(names));
  });

  test('whole numbers in one file and fractions in another are values', async () => {
    const found = await read(files(['a.csv', '4', '5'], ['b.csv', '4.5', '007']), {});
    expect(found).toMatchObject({ problemType: 'regression', labels: [4, 5, 4.5, 7] });
  });

  test.each<[string, string[], string]>([
    [
      'kinds that differ by file',
      files(['a.csv', 'x', 'y'], ['b.csv', '1', '2']),
      '1-b.csv:2: the label is the number 1, but the word "x" at ',
    ],
    [
      'booleans and words',
      files(['a.csv', 'True', 'False'], ['b.jsonl', 'true']),
      '1-b.jsonl:1: the label is the boolean true, but the word "True" at ',
    ],
    [
      'vectors of two',
      files(['a.jsonl', '[0, 1]', '[1, 0]'], ['b.jsonl', '[0, 1]']),
      '0-a.jsonl:1: the label is ["0","1"], and so are those of all',
    ],
    ['vectors of three', files(['a.jsonl', '[0, 1, 0]']), '0-a.jsonl:1: a list of labels holds "0" twice'],
    ['null', files(['a.jsonl', '1', 'null']), '0-a.jsonl:2: the label is missing'],
    ['NaN', files(['a.jsonl', '1', 'NaN']), '0-a.jsonl:2:'],
    ['NaN in Parquet', files(['nan-labels.parquet']), 'nan-labels.parquet, row 2: the label is missing ("label")'],
    ['an infinite number', files(['a.csv', '1', '1e999']), '0-a.csv:3: the label is 1e999, which is no finite number'],
  ])('refused with file and row: %s', async (__, sources, message) => {
    await expect(read(sources, {})).rejects.toThrow(message);
  });

  test.each([
    ['nan-labels.parquet', ['0', '1'], [1, 0, 1]],
    ['boolean-labels.parquet', ['false', 'true'], ['true', 'false']],
  ])('%s without the row that has no label', async (name, names, labels) => {
    const bad: BadRow[] = [];
    const found = await read([fixture(name)], { onBadRow: (row) => bad.push(row) });
    expect(found).toEqual({ problemType: 'single_label_classification', names, labels });
    expect(bad).toEqual([{ path: fixture(name), row: 2, problem: 'the label is missing ("label")' }]);
  });
});

test('where no labels are needed, those that can be none are no obstacle', async () => {
  const sources = files(['a.csv', 'x', 'y'], ['b.jsonl', '1', 'null', '{}', '[0, 1]']);
  const bad: BadRow[] = [];
  const options = { requireLabels: false, onBadRow: (row: BadRow) => bad.push(row) };
  const examples = await readClassificationExamples(sources, options);
  expect(examples.map(({ label }) => label)).toEqual(['x', 'y', undefined, undefined, undefined, undefined]);
  expect(bad).toEqual([]);
});

test('a text that is a long number is shown as it stands', async () => {
  const path = join(folder, 'number.jsonl');
  writeFileSync(path, '{"text": 9007199254740993, "label": "a"}\n');
  await expect(readClassificationExamples(path)).rejects.toThrow('"text" must be a text, not 9007199254740993');
});
