import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../../../platform/errors.js';
import { type ClassificationFileOptions, readClassificationExamples } from './classification.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/data/${name}`, import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classification-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string, options: ClassificationFileOptions = {}) {
  await writeFile(join(folder, name), content);
  return readClassificationExamples(join(folder, name), options);
}

test('TSV as in GLUE: no header, text and label, quotes are text', async () => {
  expect(await readClassificationExamples(fixture('glue.tsv'))).toEqual([
    { text: 'a stirring , funny film', label: 1, line: 1 },
    { text: '"a lone quote at the start', label: 0, line: 2 },
    { text: `they wo n't sit still " or so "`, label: 0, line: 3 },
    { text: 'wonderful', label: 1, line: 4 },
  ]);
});

test('TSV with a header, label first, byte order mark, CRLF', async () => {
  expect(await readClassificationExamples(fixture('chinese.tsv'))).toEqual([
    { text: '房间很干净，服务也好！', label: 1, line: 2 },
    { text: '"早餐"太差了😡', label: 0, line: 3 },
  ]);
});

test('TSV with quoted cells, as pandas writes', async () => {
  expect(await readClassificationExamples(fixture('pandas.tsv'))).toEqual([
    { text: 'He said "hi" to me', label: 'greeting', line: 2 },
    { text: 'plain words', label: 'other', line: 3 },
    { text: 'a tab\there and\na second line', label: 'other', line: 4 },
  ]);
});

test('CSV', async () => {
  expect(await readClassificationExamples(fixture('intents.csv'))).toEqual([
    { text: 'I am still waiting on my card?', label: 'card_arrival', line: 2 },
    { text: 'Yes, "now",\nplease', label: 'activate_my_card', line: 3 },
    { text: 'Where is it?', label: 'card_arrival', line: 6 },
  ]);
});

test('JSON Lines with several labels an example', async () => {
  expect(await readClassificationExamples(fixture('toxic.jsonl'))).toEqual([
    { text: 'you fool', label: ['toxic', 'insult'], line: 1 },
    { text: 'good\u2028day', label: [], line: 2 },
    { text: 'x', label: ['toxic'], line: 4 },
  ]);
});

test('several labels in a cell, with what stands between them', async () => {
  const csv = 'text,label\nlate and broken,delivery | damage\nfine,\nnever came,delivery\n12 of 5,|1|\n';
  const expected = [
    { text: 'late and broken', label: ['delivery', 'damage'], line: 2 },
    { text: 'fine', label: [], line: 3 },
    { text: 'never came', label: ['delivery'], line: 4 },
    { text: '12 of 5', label: ['1'], line: 5 },
  ];
  expect(await read('several.csv', csv, { labelSeparator: '|' })).toEqual(expected);
  const jsonl = csv
    .split('\n')
    .slice(1, 5)
    .map((line) => line.split(','))
    .map(([text, label]) => JSON.stringify({ text, label }));
  const lines = expected.map((example, i) => ({ ...example, line: i + 1 }));
  expect(await read('several.jsonl', jsonl.join('\n'), { labelSeparator: '|' })).toEqual(lines);
  await expect(read('twice.csv', 'text,label\na,x|y|x\n', { labelSeparator: '|' })).rejects.toThrow(
    /twice.csv:2: a list of labels holds "x" twice/,
  );
  await expect(read('several.csv', csv, { labelSeparator: '' })).rejects.toThrow('labelSeparator is empty');
  const [one] = await read('one.csv', 'text,label\na,x|y\nb,z\n');
  expect(one?.label).toBe('x|y');
});

test('pairs of texts, by name and by number', async () => {
  const expected = [{ text: 'a', textPair: 'b', label: 4.75, line: 2 }];
  expect(await read('a.csv', 'sentence1,sentence2,score\na,b,4.75\n')).toEqual(expected);
  const options = { columns: { text: '0', textPair: 1, label: 2 } };
  expect(await read('b.csv', 'a,b,4.75\n', options)).toEqual([{ ...expected[0], line: 1 }]);
});

test('a column number is not mistaken for the name of a column', async () => {
  const options = { columns: { text: '0', label: '1' } };
  expect(await read('a.tsv', 'fine\t1\ndull\t0\n', options)).toHaveLength(2);
});

test('without requireLabels, labels may be missing', async () => {
  const options = { requireLabels: false };
  expect(
    await read('a.jsonl', '{"text": "a"}\n{"text": "b", "label": "x"}\n{"text": "c", "label": null}', options),
  ).toEqual([
    { text: 'a', line: 1 },
    { text: 'b', label: 'x', line: 2 },
    { text: 'c', line: 3 },
  ]);
  expect(await read('a.tsv', 'one\ntwo\n', options)).toEqual([
    { text: 'one', line: 1 },
    { text: 'two', line: 2 },
  ]);
});

test.each([
  ['a.csv', '', {}, 'a.csv: the file is empty'],
  ['a.csv', 'text,label\n', {}, 'a.csv: holds a header, but no examples'],
  [
    'a.csv',
    'text,kind\na,b\n',
    {},
    'a.csv: no label column found. The columns are "text", "kind". Name one by `label`',
  ],
  [
    'a.csv',
    'words,label\na,b\n',
    {},
    'a.csv: no text column found. The columns are "words", "label". Name one by `text`',
  ],
  [
    'a.csv',
    'text,label\na,b\n',
    { columns: { label: 'intent' } },
    'a.csv: no column "intent" (`label`). The columns are "text"',
  ],
  ['a.csv', 'text,label\na,b\n', { columns: { text: 0, label: 'text' } }, 'cannot be text and label at once'],
  ['a.tsv', 'one\ntwo\n', {}, 'a.tsv: one column and no header, so texts without labels; labels are needed'],
  ['a.tsv', 'a\tb\t1\n', {}, 'and 3 columns. Say which is the text, by name if there is a header, else by number'],
  ['a.tsv', 'a b\t1\n \t0\n', {}, 'a.tsv:2: the text is empty (column 0)'],
  ['a.csv', 'text,label\na,x\nb,\n', {}, 'a.csv:3: the label is missing ("label")'],
  ['a.csv', 'text,label\na,1\nb,good\n', {}, 'a.csv:3: the label is the word "good", but the number 1 on line 2'],
  ['a.csv', 'text,label\na,1\nb,c,2\n', {}, 'a.csv:3: 3 cells, where line 1 has 2'],
  ['a.jsonl', '{"text": "a", "label": 1}\n{"text": 5, "label": 1}', {}, 'a.jsonl:2: "text" must be a text, not 5'],
  ['a.jsonl', '{"text": "a", "label": 1}\n{"label": 1}', {}, 'a.jsonl:2: the field "text" is missing'],
  ['a.jsonl', '{"text": "a", "label": 1}\n{"text": "b"}', {}, 'a.jsonl:2: the label is missing ("label")'],
  ['a.jsonl', '{"text": "a", "label": 1}\n{"text": "b",}', {}, 'a.jsonl:2:14: not valid JSON'],
])('refuses %s: %j', async (name, content, options, message) => {
  const error = await read(name, content, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toContain(message);
});

test('gives back any texts and labels, from each format', async () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((value) => value.trim() !== '' && !value.includes('\r'));
  const examples = fc.array(fc.record({ text, label: fc.constantFrom('x', 'y z', 'ü') }), { minLength: 1 });
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(examples, async (rows) => {
      const csv = ['text,label', ...rows.map((row) => `${quoted(row.text)},${row.label}`)].join('\n');
      const jsonl = rows.map((row) => JSON.stringify(row)).join('\n');
      for (const found of [await read('p.csv', csv), await read('p.jsonl', jsonl)]) {
        expect(found.map(({ text, label }) => ({ text, label }))).toEqual(rows);
      }
    }),
    { numRuns: 50 },
  );
});
