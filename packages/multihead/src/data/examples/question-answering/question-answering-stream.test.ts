/** @file Questions read in pieces: the same as read whole. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { BadRow } from '../../streams/bad-rows.js';
import { readQuestionAnsweringExamples } from './question-answering.js';
import { openQuestionAnsweringStream, type QuestionAnsweringStream } from './question-answering-stream.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/data/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'question-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function all(stream: QuestionAnsweringStream) {
  const found = [];
  for await (const group of stream.examples()) found.push(...group);
  return found;
}

// Several pieces of 1 MB: 200 contexts with 20 questions each.
const rows = Array.from({ length: 4000 }, (_, i) => {
  const context = `Long ago, ${'very '.repeat(180)}long, the city ${Math.floor(i / 20)} was built.`;
  return {
    id: `q${i}`,
    question: `Which city, asked ${i}?`,
    context,
    answers: { text: ['the city'], answer_start: [context.indexOf('the city')] },
  };
});
const jsonl = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');

test.each([
  ['rows.jsonl', jsonl(rows)],
  ['rows.jsonl.gz', gzipSync(jsonl(rows))],
  ['rows.json', JSON.stringify(rows)],
])('%s gives what reading it whole gives, as often as one likes', async (name, content) => {
  const path = file(name, content);
  const expected = await readQuestionAnsweringExamples(path);
  const stream = await openQuestionAnsweringStream(path);
  expect([stream.length, stream.evaluation, stream.hasImpossible]).toEqual([4000, undefined, false]);
  expect(await all(stream)).toEqual(expected);
  expect(await all(stream)).toEqual(expected);
});

test('Parquet with questions that have no answer', async () => {
  const path = fixture('tables/squad.parquet');
  const stream = await openQuestionAnsweringStream(path);
  expect(stream.hasImpossible).toBe(true);
  expect(await all(stream)).toEqual(await readQuestionAnsweringExamples(path));
});

test('a share of the contexts is held out with all their questions', async () => {
  const path = file('split.jsonl', jsonl(rows));
  const whole = await readQuestionAnsweringExamples(path);
  const stream = await openQuestionAnsweringStream(path, { heldOut: { share: 0.25, seed: 1 } });
  const train = await all(stream);
  const { evaluation = [] } = stream;
  expect(train).toHaveLength(stream.length);
  const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id);
  expect(new Set(idsOf([...train, ...evaluation]))).toEqual(new Set(idsOf(whole)));
  expect(train.length + evaluation.length).toBe(whole.length);
  const contexts = new Set(evaluation.map(({ context }) => context));
  expect(train.some(({ context }) => contexts.has(context))).toBe(false);
  expect(contexts.size).toBeGreaterThan(25);
  expect(contexts.size).toBeLessThan(75);
  const again = await openQuestionAnsweringStream(path, { heldOut: { share: 0.25, seed: 1 } });
  expect([again.fingerprint, again.evaluation]).toEqual([stream.fingerprint, evaluation]);
  const other = await openQuestionAnsweringStream(path, { heldOut: { share: 0.25, seed: 2 } });
  expect(other.fingerprint).not.toBe(stream.fingerprint);
});

test('a name that comes in a later piece only is found in the first epoch, too', async () => {
  const last = { ...rows[0], id: 'last', answers: undefined, is_impossible: true };
  const stream = await openQuestionAnsweringStream(file('late.jsonl', jsonl([...rows, last])));
  expect(stream.hasImpossible).toBe(true);
  expect((await all(stream)).at(-1)).toMatchObject({ id: 'last', isImpossible: true });
  expect(stream.length).toBe(4001);
});

test('what is wrong is told before training: of the whole file, with the number', async () => {
  const wrong = (i: number) => ({ ...rows[i], answers: { text: ['the city'], answer_start: [3] } });
  const path = file('wrong.jsonl', jsonl([wrong(0), ...rows.slice(1, 3999), wrong(3999)]));
  await expect(openQuestionAnsweringStream(path)).rejects.toThrow(
    'wrong.jsonl: 2 of 4000 answers are not at their answer_start.\n  line 1.answers.text[0]: answer_start 3 gives',
  );
  const told: BadRow[] = [];
  const stream = await openQuestionAnsweringStream(path, { onBadRow: (row) => told.push(row) });
  expect(await all(stream)).toHaveLength(3998);
  expect(told.map(({ line }) => line)).toEqual([1, 4000]); // told once, though read twice
  const mended = await openQuestionAnsweringStream(path, { mismatched: 'relocate' });
  expect(await all(mended)).toEqual(await readQuestionAnsweringExamples(path, { mismatched: 'relocate' }));
});

test("SQuAD's JSON, standard input and an empty part are refused with what to do", async () => {
  await expect(openQuestionAnsweringStream(fixture('squad.json'))).rejects.toThrow(
    /squad\.json: SQuAD's JSON is one document.*Convert it to JSON Lines or Parquet.*or leave out `streaming`/,
  );
  await expect(openQuestionAnsweringStream('-')).rejects.toThrow('standard input comes only once');
  const path = file('one.jsonl', jsonl(rows.slice(0, 20)));
  const heldOut = { share: 0.5, seed: 1 };
  await expect(openQuestionAnsweringStream(path, { heldOut })).rejects.toThrow(
    /a share of 0\.5 for evaluation: (none of 20|all) examples; give another share/,
  );
});

test('an id given twice is found among the questions held out', async () => {
  const path = file('twice.jsonl', jsonl(rows.map((row, i) => (i % 20 === 19 ? { ...row, id: 'same' } : row))));
  await expect(openQuestionAnsweringStream(path, { heldOut: { share: 0.25, seed: 1 } })).rejects.toThrow(
    /twice\.jsonl: line \d+\.id: "same" was given before, at .*twice\.jsonl: line \d+\.id/,
  );
  expect((await openQuestionAnsweringStream(path)).length).toBe(4000);
});

test('without ids, the rows of several files have different names', async () => {
  const nameless = jsonl(rows.slice(0, 2).map(({ id: _, ...row }) => row));
  const paths = [file('a.jsonl', nameless), file('b.jsonl', nameless)];
  const ids = [`${paths[0]}:1`, `${paths[0]}:2`, `${paths[1]}:1`, `${paths[1]}:2`];
  expect((await readQuestionAnsweringExamples(paths)).map(({ id }) => id)).toEqual(ids);
  expect((await all(await openQuestionAnsweringStream(paths))).map(({ id }) => id)).toEqual(ids);
});
