/** @file Questions of all formats. The Parquet file is from bench/peers/table_fixtures.py. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { BadRow } from '../../streams/bad-rows.js';
import type { Table } from '../../tables/table.js';
import { readQuestionAnsweringExamples } from './question-answering.js';
import { questionRows } from './question-rows.js';
import { readSquad } from './squad.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/data/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'questions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const row = { question: 'Where?', context: 'In Paris', answers: { text: ['Paris'], answer_start: [3] } };
const example = { question: 'Where?', context: 'In Paris', answers: [{ text: 'Paris', start: 3 }] };

test('a column of nulls that is packed with LZ4', async () => {
  const examples = await readQuestionAnsweringExamples(fixture('tables/nulls-lz4.parquet'));
  expect(examples.map(({ id, title, answers }) => [id, title, answers])).toEqual([
    ['1', undefined, [{ text: 'Anna', start: 0 }]],
    ['2', undefined, [{ text: 'May', start: 17 }]],
  ]);
});

test('of columns that are named before any row, only those of use are read', async () => {
  const asked: (readonly string[] | undefined)[] = [];
  const table: Table = {
    path: 'a.parquet',
    unit: 'row',
    classNames: new Map(),
    columns: ['url', 'question', 'embedding', 'context', 'answers'],
    async *rows(wanted) {
      asked.push(wanted);
      yield [{ line: 1, cells: [undefined, row.question, undefined, row.context, row.answers] }];
    },
  };
  for await (const [question] of questionRows(table, {})) expect(question).toMatchObject({ question: 'Where?' });
  expect(asked).toEqual([['question', 'context', 'answers']]);
});

test('JSON Lines that go by the name of .json', async () => {
  const lines = [row, { ...row, answers: { text: ['In'], answer_start: [0] } }].map((one) => JSON.stringify(one));
  const examples = await readQuestionAnsweringExamples(file('lines.json', `${lines.join('\n')}\n`));
  expect(examples.map(({ answers }) => answers[0]?.text)).toEqual(['Paris', 'In']);
  // One object in one line is a document, and over several lines too.
  const document = { data: [row] };
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    expect(await readQuestionAnsweringExamples(file('document.json', `${text}\n`))).toMatchObject([example]);
  }
});

test("Parquet of the hub's data sets: places count code points, no answers are SQuAD v2's", async () => {
  const examples = await readQuestionAnsweringExamples(fixture('tables/squad.parquet'));
  expect(examples.map(({ id, title, isImpossible }) => [id, title, isImpossible])).toEqual([
    ['a', 'Norway', undefined],
    ['b', 'Norway', true],
    ['c', 'Peru', undefined],
  ]);
  expect(examples.map(({ answers }) => answers)).toEqual([
    [
      { text: 'Norway', start: 16 },
      { text: 'in Norway', start: 13 },
    ],
    [],
    [{ text: 'a city', start: 8 }],
  ]);
});

test("SQuAD's own JSON, packed or not, is read as readSquad reads it", async () => {
  const expected = await readSquad(fixture('squad.json'));
  expect(await readQuestionAnsweringExamples(fixture('squad.json'))).toEqual(expected);
});

test.each([
  ['a.jsonl', JSON.stringify(row), '1'],
  ['a.jsonl.gz', gzipSync(JSON.stringify({ ...row, id: 7 })), '7'],
  ['a.json', JSON.stringify([row]), '1'],
  ['b.json', JSON.stringify({ data: [{ ...row, answers: [{ text: 'Paris', answer_start: 3 }] }] }), '1'],
  ['a.csv', 'question,context,answers\nWhere?,In Paris,"{""text"": [""Paris""], ""answer_start"": [3]}"\n', '2'],
  ['b.csv', 'id,question,context,answer,answer_start\nx,Where?,In Paris,Paris,3\n', 'x'],
  ['a.tsv', 'question\tcontext\tanswer_text\tanswer_start\nWhere?\tIn Paris\tParis\t3\n', '2'],
])('%s', async (name, content, id) => {
  expect(await readQuestionAnsweringExamples(file(name, content))).toEqual([{ id, ...example }]);
});

test('columns may be named', async () => {
  const path = file('named.jsonl', JSON.stringify({ q: 'Where?', question: 1, where: 'In Paris', a: row.answers }));
  const columns = { question: 'q', context: 'where', answers: 'a' };
  expect(await readQuestionAnsweringExamples(path, { columns })).toEqual([{ id: '1', ...example }]);
  await expect(readQuestionAnsweringExamples(path)).rejects.toThrow(
    'named.jsonl: no column of the context found. The columns are "q", "question", "where", "a". Name one by `context`',
  );
});

test('to predict, nothing but questions and contexts is needed', async () => {
  const path = file('predict.csv', 'question,context\nWhere?,In Paris\n');
  await expect(readQuestionAnsweringExamples(path)).rejects.toThrow('no column of the answers found');
  expect(await readQuestionAnsweringExamples(path, { requireAnswers: false })).toEqual([
    { id: '2', ...example, answers: [] },
  ]);
});

test.each([
  [{ ...row, context: '' }, 'bad.jsonl:1: context: a string with text in it was expected'],
  [{ ...row, question: 3 }, 'bad.jsonl:1: question: a string was expected, not 3'],
  [{ ...row, answers: 'Paris' }, 'bad.jsonl:1: answers: JSON such as'],
  [
    { ...row, answers: { text: ['a', 'b'], answer_start: [1] } },
    'bad.jsonl:1: answers: as many places (answer_start) as texts',
  ],
  [{ ...row, answers: { text: ['Paris'], answer_start: [2] } }, 'line 1.answers.text[0]: answer_start 2 gives " Pari"'],
  [{ ...row, answers: null }, '1 of 1 questions have no answer; the first: line 1 (id 1)'],
])('%j is refused', async (bad, message) => {
  await expect(readQuestionAnsweringExamples(file('bad.jsonl', JSON.stringify(bad)))).rejects.toThrow(message);
});

test('bad rows and answers are skipped, and reported', async () => {
  const told: BadRow[] = [];
  const rows = [
    row,
    { ...row, context: 5 },
    { ...row, answers: { text: ['Paris', 'Rome'], answer_start: [3, 0] } },
    { ...row, answers: null },
    { ...row, answers: { text: ['Oslo'], answer_start: [3] } },
    { ...row, id: '1' },
  ];
  const path = file('some-bad.jsonl', rows.map((one) => JSON.stringify(one)).join('\n'));
  const examples = await readQuestionAnsweringExamples(path, { onBadRow: (bad) => told.push(bad) });
  expect(examples).toEqual([
    { id: '1', ...example },
    { id: '3', ...example },
  ]);
  expect(told.map(({ line, at, problem }) => [line, at, problem])).toEqual([
    [2, undefined, 'context: a string was expected, not 5'],
    [6, undefined, expect.stringContaining('"1" was given before')],
    [4, undefined, expect.stringContaining('the question "4" has no answer')],
    [3, 'answers.text[1]', 'answer_start 0 gives "In P", not "Rome"; the answer is left out'],
    [5, 'answers.text[0]', 'answer_start 3 gives "Pari", not "Oslo"; the answer is left out'],
  ]);
});

test('in SQuAD JSON, errors name the place of what cannot be used', async () => {
  const told: BadRow[] = [];
  const qa = (id: unknown, start: number) => ({
    id,
    question: 'Where?',
    answers: [{ text: 'Paris', answer_start: start }],
  });
  const paragraphs = [{ context: 'In Paris', qas: [qa('a', 3), qa(null, 3), qa('b', 1)] }, { qas: [] }];
  const path = file('bad-squad.json', JSON.stringify({ data: [{ title: 'T', paragraphs }] }));
  const examples = await readQuestionAnsweringExamples(path, { onBadRow: (bad) => told.push(bad) });
  expect(examples.map(({ id }) => id)).toEqual(['a']);
  expect(told.map(({ at, problem }) => [at, problem.replace(/^.*\]\./, '')])).toEqual([
    ['data[0].paragraphs[0].qas[1]', 'id: a string that names the question was expected, not null'],
    ['data[0].paragraphs[1]', 'context: a string was expected, not nothing (the field is missing)'],
    ['data[0].paragraphs[0].qas[2].answers[0]', 'answer_start 1 gives "n Par", not "Paris"; the answer is left out'],
  ]);
});

const cmrc = fileURLToPath(new URL('../../../../../../shared/data/cmrc2018/cmrc2018_dev.half.json', import.meta.url));
test.skipIf(!existsSync(cmrc))(`CMRC 2018, ${cmrc} (skipped where it is not there)`, async () => {
  await expect(readQuestionAnsweringExamples(cmrc)).rejects.toThrow('answers are not at their answer_start');
  const told: BadRow[] = [];
  const examples = await readQuestionAnsweringExamples(cmrc, { onBadRow: (bad) => told.push(bad) });
  expect(told.length).toBeGreaterThan(0);
  const all = await readSquad(cmrc, { mismatched: 'keep' });
  const answers = (list: typeof all) => list.reduce((sum, { answers: { length } }) => sum + length, 0);
  expect(answers(all) - answers(examples)).toBe(told.length);
});
