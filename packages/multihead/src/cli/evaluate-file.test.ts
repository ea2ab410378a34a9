/** @file `evaluate` on files of some windows: its report is whole, and one that is interrupted leaves the old one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { toyFolder, toyRows } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const multihead = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
/** Three windows: each text has a token of 1900 letters. */
const count = 1100;
const long = 'x'.repeat(1900);
let folder: string;
let texts: string[];
let questions: string[];

const toLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const contents = (of: string) => readdirSync(of).map((name) => [name, readFileSync(join(of, name), 'utf8')]);

beforeAll(() => {
  folder = toyFolder();
  const path = (name: string) => join(folder, name);
  const scratch = ['--from-scratch', '--config', path('config.json'), '--tokenizer', folder, '--max-steps', '2'];
  const rows = toyRows(count).map(({ text, label }) => ({ text: `${text} ${long}`, label }));
  const asked = rows.map(({ text }, i) => {
    const context = `${text} but a book was poor ${i}`;
    return { question: 'what was poor', context, answers: { text: ['book'], answer_start: [context.indexOf('book')] } };
  });
  writeFileSync(path('texts.jsonl'), toLines(rows));
  writeFileSync(path('questions.jsonl'), toLines(asked));
  writeFileSync(path('some.jsonl'), toLines(asked.slice(0, 32)));
  const train = (task: string, data: string) =>
    multihead('train', task, ...scratch, '--train', path(data), '--output', path(task)).status;
  expect(train('text-classification', 'train.tsv')).toBe(0);
  expect(train('question-answering', 'some.jsonl')).toBe(0);
  const evaluate = (task: string, data: string) => ['evaluate', task, '--model', path(task), '--data', path(data)];
  texts = evaluate('text-classification', 'texts.jsonl');
  questions = evaluate('question-answering', 'questions.jsonl');
}, 120_000);

interface Line {
  readonly id: string;
  readonly scores: Readonly<Record<string, number>>;
}
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const lines = (report: string): Line[] =>
  read(`${report}/predictions.jsonl`)
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('texts: a line for each, whose scores are those of the report', { timeout: 60_000 }, () => {
  const { status, stderr } = multihead(...texts, '--report', join(folder, 'of-texts'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(join(folder, 'of-texts'))).toEqual(['predictions.jsonl', 'report.html', 'report.json']);
  const found = lines('of-texts');
  expect(found.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, i) => `${i + 1}`));
  const report = JSON.parse(read('of-texts/report.json'));
  expect(report).toMatchObject({
    examples: count,
    metrics: { accuracy: mean(found.map((each) => each.scores.accuracy ?? -1)) },
  });
  expect(report.mistakes).toBe(found.filter(({ scores }) => scores.accuracy === 0).length);
  for (const { text } of report.worstMistakes) expect(text).not.toBe('');
});

test('questions: their files hold each, and those of an older report go', { timeout: 60_000 }, () => {
  const report = join(folder, 'of-questions');
  const overwrite = ['--report', report, '--overwrite'];
  expect(multihead(...questions, '--report', report).status).toBe(0);
  const names = readdirSync(report);
  const ids = lines('of-questions').map(({ id }) => id);
  expect(ids).toHaveLength(count);
  for (const name of ['eval_predictions.json', 'eval_nbest_predictions.json']) {
    const text = read(`of-questions/${name}`);
    expect(Object.keys(JSON.parse(text))).toEqual(ids);
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  }
  expect(JSON.parse(read('of-questions/report.json')).metrics.f1).toBeCloseTo(
    100 * mean(lines('of-questions').map(({ scores }) => scores.f1 ?? -1)),
    10,
  );
  writeFileSync(join(report, 'eval_null_odds.json'), '{"of": "another model"}\n');
  writeFileSync(join(report, 'notes.txt'), 'mine');
  expect(multihead(...questions, ...overwrite).status).toBe(0);
  expect(readdirSync(report)).toEqual([...names, 'notes.txt'].sort());
});

test('a label of the last window that the model does not have is refused before anything is computed', {
  timeout: 60_000,
}, () => {
  writeFileSync(join(folder, 'unknown.jsonl'), `${read('texts.jsonl')}{"text": "a film", "label": "hated"}\n`);
  const report = join(folder, 'of-unknown');
  const { stderr } = multihead(...texts, '--data', join(folder, 'unknown.jsonl'), '--report', report);
  expect(stderr).toBe(`error: line ${count + 1}: the label "hated" is not among the model's: disliked, liked\n`);
  expect(readdirSync(report)).toEqual([]);
});

/** Starts an evaluation, and interrupts it when the lines of a window are written. */
function interrupted(args: string[], report: string, signal: NodeJS.Signals): Promise<string> {
  const isWritten = (name: string) =>
    name.startsWith('predictions.jsonl.partial-') && statSync(join(report, name), { throwIfNoEntry: false })?.size;
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [bin, ...args, '--batch-size', '4']);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setInterval(() => {
      if (!readdirSync(report).some(isWritten)) return;
      clearInterval(timer);
      child.kill(signal);
    }, 2);
    child.on('close', (_, by) => {
      clearInterval(timer);
      resolve(`${by}: ${stderr}`);
    });
  });
}

test('interrupted or killed, it leaves the report that was there', { timeout: 120_000 }, async () => {
  const report = join(folder, 'kept');
  expect(multihead(...texts, '--report', report).status).toBe(0);
  const before = contents(report);
  const anew = [...texts, '--report', report, '--overwrite'];
  expect(await interrupted(anew, report, 'SIGINT')).toBe(
    'SIGINT: Ctrl-C: the evaluation is not finished; the same command starts it anew\n',
  );
  expect(contents(report)).toEqual(before);
  expect(await interrupted(anew, report, 'SIGKILL')).toBe('SIGKILL: ');
  expect(contents(report).filter(([name]) => !name?.includes('.partial-'))).toEqual(before);
  expect(multihead(...anew).status).toBe(0);
  expect(readdirSync(report)).toEqual(before.map(([name]) => name));
});
