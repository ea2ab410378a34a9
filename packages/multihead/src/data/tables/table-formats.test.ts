/** @file Examples of all formats and kinds of sources. The Parquet files are from bench/peers/table_fixtures.py. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readClassificationData, readClassificationExamples } from '../examples/classification/classification.js';
import { labelSet } from '../labels/label-set.js';
import type { BadRow } from '../streams/bad-rows.js';
import { type FoundFiles, findTableFiles, type Split } from './table-files.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/data/tables/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const csv = 'text,label\n"fine, really",good\ndull,bad\n';
const expected = [
  { text: 'fine, really', label: 'good' },
  { text: 'dull', label: 'bad' },
];
const json = JSON.stringify(expected);

test.each([
  ['a.csv', csv],
  ['a.csv.gz', gzipSync(csv)],
  ['a.tsv.gz', gzipSync('fine, really\tgood\ndull\tbad\n')],
  ['a.json', json],
  ['b.json', `{"version": "1", "data": ${json}}`],
  ['a.json.gz', gzipSync(json)],
  ['a.jsonl.gz', gzipSync(expected.map((row) => JSON.stringify(row)).join('\n'))],
])('%s', async (name, content) => {
  const options = name.startsWith('a.tsv') ? { columns: { text: 0, label: 1 } } : {};
  const found = await readClassificationExamples(file(name, content), options);
  expect(found.map(({ text, label }) => ({ text, label }))).toEqual(expected);
});

test('Parquet: classes by their names, in the order of their numbers; -1 is no label', async () => {
  const { examples, classNames } = await readClassificationData(fixture('classes.parquet'), { requireLabels: false });
  expect(classNames).toEqual(['positive', 'negative', 'neutral']);
  expect(examples).toEqual([
    { text: 'fine', label: 'positive', line: 1 },
    { text: 'dull', label: 'negative', line: 2 },
    { text: 'so-so', label: 'neutral', line: 3 },
    { text: 'no label', line: 4 },
  ]);
  expect(labelSet(examples.slice(0, 2), 'classes.parquet', classNames).names).toEqual(classNames);
  await expect(readClassificationData(fixture('classes.parquet'))).rejects.toThrow(
    'classes.parquet, row 4: the label is missing ("label")',
  );
});

test('Parquet: lists of classes', async () => {
  const { examples, classNames } = await readClassificationData(fixture('topics.parquet'));
  expect(examples.map(({ label }) => label)).toEqual([['sport'], ['film', 'food'], []]);
  expect(labelSet(examples, 'x', classNames)).toEqual({ problemType: 'multi_label_classification', names: classNames });
});

test('Parquet: numbers, of several row groups; bad rows by their number', async () => {
  const bad: BadRow[] = [];
  const path = fixture('scores.parquet');
  const examples = await readClassificationExamples(path, { onBadRow: (row) => bad.push(row) });
  expect(examples.map(({ label, line }) => [label, line])).toEqual([
    [0.5, 1],
    [1, 2],
    [2.25, 3],
  ]);
  expect(bad).toEqual([
    { path, row: 4, problem: 'the text is empty ("text")' },
    { path, row: 5, problem: 'the label is missing ("score")' },
  ]);
});

test('bad rows of every kind are skipped, and reported once', async () => {
  const tell = async (name: string, content: string) => {
    const bad: BadRow[] = [];
    const path = file(name, content);
    const examples = await readClassificationExamples(path, { onBadRow: (row) => bad.push(row) });
    return {
      texts: examples.map(({ text }) => text),
      bad: bad.map(({ line = 0, row = line, problem }) => [row, problem] as const).sort(([a], [b]) => a - b),
    };
  };
  expect(await tell('bad.csv', 'text,label\na,x\nb\n,y\nc,\nd "e",z\nf,y\n')).toEqual({
    texts: ['a', 'f'],
    bad: [
      [3, expect.stringContaining('1 cells, where line 1 has 2')],
      [4, 'the text is empty ("text")'],
      [5, 'the label is missing ("label")'],
      [6, expect.stringContaining('a quote within a cell')],
    ],
  });
  const lines = ['{"text": "a", "label": 1}', '{"text": "b",}', '7', '{"text": "c", "label": "one"}', '{"label": 2}'];
  expect(await tell('bad.jsonl', lines.join('\n'))).toEqual({
    texts: ['a'],
    bad: [
      [2, expect.stringMatching(/^column 14: not valid JSON/)],
      [3, expect.stringContaining('must be a JSON object')],
      [4, 'the label is the word "one", but the number 1 on line 1. All labels must be of one kind.'],
      [5, 'the field "text" is missing'],
    ],
  });
  expect((await tell('bad.json', '[{"text": "a", "label": [1]}, 3, {"text": "b", "label": [1, null]}]')).bad).toEqual([
    [2, expect.stringContaining('an object such as')],
    [3, 'a list of labels holds null; expected names of classes'],
  ]);
});

test('a file all of whose rows are bad is an error', async () => {
  const path = file('all-bad.csv', 'text,label\n,x\n,y\n');
  await expect(readClassificationExamples(path, { onBadRow: () => undefined })).rejects.toThrow(
    'all-bad.csv: none of its rows can be used',
  );
});

test('of a folder, the part of the data set that its names say; of a pattern, all', async () => {
  const row = (text: string) => `text,label\n${text},x\n`;
  for (const name of ['train-1.csv', 'train-2.csv', 'dev.csv', 'test.csv']) file(`parts/${name}`, row(name));
  file('parts/README.md', '# no data');
  const texts = async (source: string, split?: 'train' | 'validation' | 'test') =>
    (await readClassificationExamples(source, { split })).map(({ text }) => text);
  const parts = join(folder, 'parts');
  expect(await texts(parts)).toEqual(['train-1.csv', 'train-2.csv']);
  expect(await texts(parts, 'validation')).toEqual(['dev.csv']);
  expect(await texts(parts, 'test')).toEqual(['test.csv']);
  expect(await texts(join(parts, '*.csv'))).toHaveLength(4);
  file('only/test.csv', row('a'));
  await expect(texts(join(folder, 'only'))).rejects.toThrow('its files are for test; none is for train');
  file('none/README.md', '');
  await expect(texts(join(folder, 'none'))).rejects.toThrow('none: holds no file that ends in .csv');
  file('plain/contested.csv', row('b'));
  expect(await texts(join(folder, 'plain'))).toEqual(['b']);
});

test('of a folder, the part that its folders say; the name of a file counts for more', async () => {
  const row = (text: string) => `text,label\n${text},x\n`;
  for (const name of ['train/0.csv', 'train/1.csv', 'test/0.csv', 'val-set/0.csv', 'other.csv', 'test/deep/a.csv']) {
    file(`folders/${name}`, row(name));
  }
  file('folders/train/notes.txt', 'no table');
  const source = join(folder, 'folders');
  const found: FoundFiles[] = [];
  const texts = async (split: Split, from = source) =>
    (await readClassificationExamples(from, { split, onFound: (one) => found.push(one) })).map(({ text }) => text);
  expect(await texts('train')).toEqual(['train/0.csv', 'train/1.csv']);
  expect(await texts('validation')).toEqual(['val-set/0.csv']);
  expect(await texts('test')).toEqual(['test/0.csv', 'test/deep/a.csv']);
  expect(found[0]).toEqual({
    source,
    part: 'train',
    taken: ['train/0.csv', 'train/1.csv'].map((name) => join(source, name)),
    left: ['other.csv', 'test/0.csv', 'test/deep/a.csv', 'train/notes.txt', 'val-set/0.csv'].map((name) =>
      join(source, name),
    ),
  });
  file('folders/train/test.csv', row('named test'));
  expect(await texts('train')).not.toContain('named test');
  // What is named itself is taken, whatever its folder is called.
  expect(await texts('train', join(source, 'test'))).toEqual(['test/0.csv', 'test/deep/a.csv']);
});

test('UTF-16 with a byte order mark, of both orders; of other encodings it is said how to convert', async () => {
  const little = Buffer.from(`\ufeff${csv}`, 'utf16le');
  for (const [name, bytes] of Object.entries({ le: little, be: Buffer.from(little).swap16() })) {
    expect(await readClassificationExamples(file(`${name}.csv`, bytes))).toMatchObject(expected);
    expect(await readClassificationExamples(file(`${name}.csv.gz`, gzipSync(bytes)))).toMatchObject(expected);
  }
  const latin = file('latin.csv', Buffer.from('text,label\ncaf\u00e9,x\n', 'latin1'));
  await expect(readClassificationExamples(latin)).rejects.toThrow(/not valid UTF-8 text\. .*iconv -f .*WINDOWS-1252/);
  const cut = file('cut.csv', little.subarray(0, -1));
  await expect(readClassificationExamples(cut)).rejects.toThrow('not valid UTF-16LE text. Is the file whole?');
});

test('what addresses are made of may stand in names: # ? % and brackets', async () => {
  const names = ['a #1.csv', 'b?.csv', 'c%20d.csv', 'e [x].csv', 'C# (new) {1}/f.csv', 'g*.csv', 'h.csv#.csv'];
  for (const name of names) file(`signs [1] #2?/${name}`, `text,label\n${name},x\n`);
  const source = join(folder, 'signs [1] #2?');
  const texts = async (from: string) => (await readClassificationExamples(from)).map(({ text }) => text);
  expect((await texts(source)).sort()).toEqual([...names].sort());
  for (const name of names) expect(await texts(join(source, name))).toEqual([name]);
});

test.skipIf(process.platform === 'win32')('links that lead round give each file once', async () => {
  file('round/a/f.csv', csv);
  symlinkSync('..', join(folder, 'round/a/up'));
  symlinkSync('.', join(folder, 'round/self'));
  symlinkSync('f.csv', join(folder, 'round/a/g.csv')); // a file by another name is a file
  const paths = async (source: string) => (await findTableFiles(join(folder, source))).map(({ path }) => path);
  const expected = ['round/a/f.csv', 'round/a/g.csv'].map((name) => join(folder, name));
  expect(await paths('round')).toEqual(expected);
  expect(await paths('round/**/*.csv')).toEqual(expected);
});

test.each([
  ['CSV', csv],
  ['TSV', 'text\tlabel\nfine, really\tgood\ndull\tbad\n'],
  ['JSON', json],
  ['JSON over several lines', JSON.stringify({ data: expected }, null, 2)],
  ['JSON Lines', expected.map((row) => JSON.stringify(row)).join('\n')],
])('standard input: %s', (_, input) => {
  const program = `
    import { readClassificationExamples } from ${JSON.stringify(new URL('../examples/classification/classification.js', import.meta.url))};
    console.log(JSON.stringify((await readClassificationExamples('-')).map(({ text, label }) => ({ text, label }))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { input });
  expect(`${stderr}`).toBe('');
  expect(JSON.parse(`${stdout}`)).toEqual(expected);
});

test('what cannot be read says why', async () => {
  await expect(readClassificationExamples(file('x.parquet.gz', ''))).rejects.toThrow('cannot be packed');
  await expect(readClassificationExamples(file('x.parquet', 'no'))).rejects.toThrow('cannot be read as Parquet');
  await expect(readClassificationExamples(file('x.csv.gz', csv))).rejects.toThrow('is no whole gzip file');
  await expect(readClassificationExamples(file('x.json', '{"a": 1}'))).rejects.toThrow(
    'an array of objects was expected, or an object that holds one as "data"',
  );
  await expect(readClassificationExamples(file('y.json', '[]'))).rejects.toThrow('the array holds no objects');
  await expect(readClassificationExamples(join(folder, 'absent.csv'))).rejects.toThrow('no such file or folder');
});

const banking = fileURLToPath(new URL('../../../../../shared/data/banking77/train.csv', import.meta.url));
test.skipIf(!existsSync(banking))(`a real file, ${banking} (skipped where it is not there)`, async () => {
  const examples = await readClassificationExamples(banking);
  expect(examples).toHaveLength(10003);
  expect(labelSet(examples).names).toHaveLength(77);
});
