import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSquad } from './squad.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'squad-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file with one paragraph and gives its path. */
async function paragraph(context: unknown, qas: unknown): Promise<string> {
  const path = join(folder, 'squad.json');
  await writeFile(path, JSON.stringify({ version: '1.1', data: [{ title: 'T', paragraphs: [{ context, qas }] }] }));
  return path;
}

const qa = (answers: unknown, more = {}) => ({ id: 'q', question: 'Where?', answers, ...more });

test('reads questions in order, with offsets as JavaScript counts', async () => {
  const examples = await readSquad(fileURLToPath(new URL('../../../../fixtures/data/squad.json', import.meta.url)));
  expect(examples.map(({ id, title, answers }) => ({ id, title, answers }))).toEqual([
    {
      id: 'q1',
      title: 'Towers',
      answers: [
        { text: '1889', start: 41 }, // answer_start is 38: three characters before it take two units each
        { text: 'in 1889', start: 38 },
      ],
    },
    { id: '2', title: 'Towers', answers: [{ text: 'Paris', start: 60 }] },
    { id: 'q3', title: 'Towers', answers: [{ text: '巴黎', start: 6 }] },
  ]);
  for (const { context, answers } of examples) {
    for (const { text, start } of answers) expect(context.slice(start, start + text.length)).toBe(text);
  }
});

test('finds any answer by its number of code points', async () => {
  const words = fc.array(fc.constantFrom('a', 'é', '中', '😀', '𠀀', ' '), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(words, fc.nat(), fc.nat(), async (characters, from, length) => {
      const start = from % characters.length;
      const answer = characters.slice(start, start + 1 + (length % 5)).join('');
      fc.pre(answer.trim() !== '' && characters.join('').trim() !== '');
      const path = await paragraph(characters.join(''), [qa([{ text: answer, answer_start: start }])]);
      const [example] = await readSquad(path);
      expect(example?.answers).toEqual([{ text: answer, start: characters.slice(0, start).join('').length }]);
    }),
    { numRuns: 50 },
  );
});

const right = { text: 'Paris', answer_start: 3 };
const wrong = { text: 'Paris', answer_start: 2 };
const lost = { text: 'Rome', answer_start: 3 };

test('an answer that is not at its place is refused, relocated, dropped or kept', async () => {
  const path = await paragraph('In Paris', [qa([right, wrong]), qa([wrong], { id: 'r' })]);
  await expect(readSquad(path)).rejects.toThrow(
    'data[0].paragraphs[0].qas[0].answers[1]: answer_start 2 gives " Pari", not "Paris"',
  );
  const starts = async (mismatched: 'relocate' | 'drop' | 'keep') =>
    (await readSquad(path, { mismatched })).map(({ answers }) => answers.map(({ start }) => start));
  expect(await starts('relocate')).toEqual([[3, 3], [3]]);
  expect(await starts('drop')).toEqual([[3]]);
  expect(await starts('keep')).toEqual([[3, 2], [2]]);
  await expect(readSquad(await paragraph('In Paris', [qa([lost])]), { mismatched: 'relocate' })).rejects.toThrow(
    '1 of 1 answers stand nowhere in their context',
  );
});

test('an answer_start far outside of the context is a mismatch like others', async () => {
  const path = await paragraph('In Paris 😀', [qa([{ text: 'Paris', answer_start: 2 ** 40 }])]);
  await expect(readSquad(path)).rejects.toThrow('1 of 1 answers are not at their answer_start');
});

test('questions without answers are for prediction only', async () => {
  const path = await paragraph('In Paris', [qa([right]), { id: 'r', question: 'Who?' }, qa([], { id: 's' })]);
  await expect(readSquad(path)).rejects.toThrow(
    '2 of 3 questions have no answer; the first: data[0].paragraphs[0].qas[1] (id r)',
  );
  const examples = await readSquad(path, { requireAnswers: false });
  expect(examples.map(({ answers }) => answers.length)).toEqual([1, 0, 0]);
});

test('questions of SQuAD v2 may have no answer; what annotators took for one is none', async () => {
  const path = await paragraph('In Paris', [
    qa([right], { is_impossible: false }),
    qa([], { id: 'r', is_impossible: true, plausible_answers: [right] }),
    qa([right], { id: 's', is_impossible: true }),
  ]);
  const examples = await readSquad(path);
  expect(examples.map(({ isImpossible }) => isImpossible)).toEqual([undefined, true, true]);
  expect(examples.map(({ answers }) => answers.length)).toEqual([1, 0, 0]);
});

test('an empty question is kept', async () => {
  const [example] = await readSquad(await paragraph('In Paris', [qa([right], { question: '' })]));
  expect(example?.question).toBe('');
});

test.each([
  [undefined, [], 'data[0].paragraphs[0].context: a string was expected, not nothing'],
  [' ', [], 'data[0].paragraphs[0].context: a string with text in it was expected'],
  ['x', {}, 'data[0].paragraphs[0].qas: an array was expected, not an object with no fields'],
  ['x', [{ question: 'y' }], 'data[0].paragraphs[0].qas[0].id: a string that names the question was expected'],
  ['x', [{ id: 'q' }], 'data[0].paragraphs[0].qas[0].question: a string was expected'],
  ['x', [qa({ text: ['x'], answer_start: [0] })], 'qas[0].answers: an array was expected, not an object with text'],
  ['x', [qa([{ text: 'x' }])], 'qas[0].answers[0].answer_start: a whole number was expected, not nothing'],
  ['x', [qa([{ text: '', answer_start: 0 }])], 'qas[0].answers[0].text: a string with text in it was expected'],
  ['In Paris', [qa([right]), qa([right])], 'qas[1].id: "q" was given before, at'],
  ['x', [], 'holds no questions'],
])('says where the structure is wrong (%#)', async (context, qas, message) => {
  await expect(readSquad(await paragraph(context, qas))).rejects.toThrow(message);
});

test('says so if the file is something else', async () => {
  const path = join(folder, 'other.json');
  await writeFile(path, '{"train": []}');
  await expect(readSquad(path)).rejects.toThrow(`${path}: data: an array of articles, as in SQuAD v1.1, was expected`);
});
