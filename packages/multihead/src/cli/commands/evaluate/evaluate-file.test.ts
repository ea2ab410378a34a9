/**
 * @file `evaluate` on files of some windows: its report is whole; one that is interrupted leaves the old report, and resumed
 * it gives the report of an unbroken one.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder, toyRows } from '../../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));
const killAt = fileURLToPath(new URL('../../../testing/kill-at.js', import.meta.url));
/** Three windows: each text has a token of 1900 letters. */
const count = 1100;
const long = 'x'.repeat(1900);
let folder: string;
let texts: string[];
let questions: string[];
/** Sentences whose words are tagged, and texts of several labels. */
let sentences: string[];
let several: string[];

const toLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const contents = (of: string, isMeant = (_: string) => true) =>
  readdirSync(of)
    .filter(isMeant)
    .map((name) => [name, readFileSync(join(of, name), 'utf8')]);

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
  const tagged = rows.map(({ text }) => {
    const tokens = text.split(' ');
    return { tokens, ner_tags: tokens.map((word) => (/film|book/.test(word) ? 'B-thing' : 'O')) };
  });
  writeFileSync(path('sentences.jsonl'), toLines(tagged));
  const labelled = rows.map(({ text, label }, i) => ({ text, labels: i % 3 ? [label] : [label, 'about a film'] }));
  writeFileSync(path('several.jsonl'), toLines(labelled));
  const train = (task: string, data: string, output = task) =>
    multihead('train', task, ...scratch, '--train', path(data), '--output', path(output)).status;
  expect(train('text-classification', 'train.tsv')).toBe(0);
  expect(train('text-classification', 'several.jsonl', 'several')).toBe(0);
  expect(train('question-answering', 'some.jsonl')).toBe(0);
  expect(train('token-classification', 'sentences.jsonl')).toBe(0);
  const evaluate = (task: string, data: string, model = task) => [
    ...['evaluate', task, '--model', path(model), '--data', path(data)],
  ];
  texts = evaluate('text-classification', 'texts.jsonl');
  questions = evaluate('question-answering', 'questions.jsonl');
  sentences = evaluate('token-classification', 'sentences.jsonl');
  several = evaluate('text-classification', 'several.jsonl', 'several');
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

/** Starts an evaluation, and interrupts it when it has added something to what is kept, and some milliseconds more. */
function interrupted(args: string[], report: string, signal: NodeJS.Signals, later = 0): Promise<string> {
  const kept = () => statSync(join(keptIn(report), 'lines.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
  const before = kept();
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [bin, ...args, '--report', report]);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setInterval(() => {
      if (kept() <= before) return;
      clearInterval(timer);
      setTimeout(() => child.kill(signal), later);
    }, 2);
    child.on('close', (_, by) => {
      clearInterval(timer);
      resolve(`${by}: ${stderr}`);
    });
  });
}

const keptIn = (report: string): string => join(report, 'predictions.jsonl.partial');
/** A report's files, without the time at which each was made. */
const undated = (report: string) =>
  readdirSync(report).map((name) => [
    name,
    readFileSync(join(report, name), 'utf8').replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:[\d.]+Z)?/g, 'DATE'),
  ]);

describe.each<[string, () => string[]]>([
  ['texts', () => texts],
  ['texts of several labels', () => several],
  ['questions', () => questions],
  ['sentences', () => sentences],
])('%s', (name, command) => {
  test('killed at one moment after another, then resumed: the bytes of an unbroken evaluation', async () => {
    const [whole, report] = [join(folder, `${name} at once`), join(folder, `${name} resumed`)];
    expect(multihead(...command(), '--report', whole)).toMatchObject({ status: 0, stderr: '' });
    let kills = 0;
    for (let turn = 0; !existsSync(join(report, 'report.json')); turn++) {
      const ended = await interrupted([...command(), '--resume'], report, 'SIGKILL', turn * 5);
      expect(ended).toMatch(/^(SIGKILL|null): $/);
      if (ended.startsWith('SIGKILL')) kills++;
      if (existsSync(keptIn(report)))
        appendFileSync(join(keptIn(report), 'lines.jsonl'), turn % 2 ? '{"v8":"' : '\0\n');
    }
    expect(kills).toBeGreaterThan(1);
    if (existsSync(keptIn(report))) multihead(...command(), '--resume', '--report', report); // killed when all was done
    expect(readdirSync(report)).toEqual(readdirSync(whole));
    expect(undated(report)).toEqual(undated(whole));
  }, 180_000);
});

test('killed while the report takes its place, then resumed, it is whole', { timeout: 180_000 }, () => {
  const [whole, report, trace] = ['at once', 'killed late', 'operations'].map((name) => join(folder, name));
  const command = [...texts, '--report', report as string];
  const run = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnSync(process.execPath, ['--import', killAt, bin, ...command, ...args], {
      env: { ...process.env, KILL_ROOT: report, ...env },
    });
  expect(multihead(...texts, '--report', whole as string).status).toBe(0);
  expect(run({ KILL_TRACE: trace as string }).status).toBe(0);
  const operations = readFileSync(trace as string, 'utf8')
    .trimEnd()
    .split('\n');
  const renames = operations.filter((each) => /^rename|^remove .*lines/.test(each));
  expect(renames.at(-1)).toContain('lines.jsonl'); // behind the report's three files and the origin of what is kept
  expect(renames).toHaveLength(5);
  for (const each of renames.slice(1)) {
    rmSync(report as string, { recursive: true });
    expect(run({ KILL_AT: `^${each.replaceAll(/[.\\]/g, '\\$&')}$` }).signal, each).toBe('SIGKILL');
    expect(multihead(...command, '--resume')).toMatchObject({ status: 0, stderr: '' });
    expect(undated(report as string), each).toEqual(undated(whole as string));
  }
});

test('interrupted or killed, it leaves the report that was there', { timeout: 120_000 }, async () => {
  const report = join(folder, 'kept');
  expect(multihead(...texts, '--report', report).status).toBe(0);
  const before = contents(report);
  const isOfReport = (name: string): boolean => !name.includes('.partial');
  const left = () => contents(report, isOfReport);
  const anew = [...texts, '--overwrite'];
  expect(await interrupted(anew, report, 'SIGKILL')).toBe('SIGKILL: ');
  expect(left()).toEqual(before);
  const told = await interrupted(anew, report, 'SIGINT');
  expect(told).toMatch(
    /^SIGINT: Ctrl-C: \d{3,4} of 1100 predictions are kept in .*predictions\.jsonl\.partial\. Resume with:\n {2}npx multihead evaluate /,
  );
  expect(told.endsWith(` --report ${report} --resume\n`)).toBe(true);
  expect(left()).toEqual(before);
  expect(multihead(...texts, '--report', report).stderr).toMatch(/already holds report\.json/);
  expect(multihead(...texts, '--report', report, '--resume')).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(report)).toEqual(before.map(([name]) => name));
  const again = multihead(...texts, '--report', report, '--resume');
  expect(again.stderr).toMatch(/already holds report\.json/); // nothing is left to resume, so it would be replaced
});

test('what does not belong to it is not resumed, and nothing of it is lost', { timeout: 120_000 }, async () => {
  const report = join(folder, 'changed');
  await interrupted(texts, report, 'SIGKILL');
  const kept = readdirSync(keptIn(report));
  const told = (...args: string[]): string => multihead(...args, '--report', report).stderr;
  expect(told(...texts)).toMatch(/holds \d+ lines that an interrupted command has left\. --resume continues/);
  cpSync(join(folder, 'text-classification'), join(folder, 'other'), { recursive: true });
  appendFileSync(join(folder, 'other', 'config.json'), ' ');
  const other = [
    'evaluate',
    'text-classification',
    '--model',
    join(folder, 'other'),
    '--data',
    join(folder, 'eval.tsv'),
  ];
  const changed = 'has changed: the examples of --data, the model, the settings. Resume with what it was begun with';
  expect(told(...other, '--batch-size', '4', '--resume')).toContain(changed);
  expect(readdirSync(keptIn(report))).toEqual(kept.filter((name) => name !== 'run.lock'));
  expect(multihead(...other, '--report', report, '--overwrite')).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(report)).toEqual(['predictions.jsonl', 'report.html', 'report.json']);
});

test('flags that go together', () => {
  const told = (...args: string[]): string => multihead(...texts, ...args).stderr;
  expect(told('--resume')).toBe('error: --resume goes with --report FOLDER\n');
  expect(told('--overwrite')).toBe('error: --overwrite goes with --report FOLDER\n');
  expect(told('--report', join(folder, 'both'), '--resume', '--overwrite')).toBe(
    'error: --resume and --overwrite exclude each other; give one of them\n',
  );
});
