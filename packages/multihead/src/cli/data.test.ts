/** @file Data of all kinds as a user meets them: train, evaluate and predict with the real program. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder, toyRows } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const killAt = new URL('../testing/kill-at.js', import.meta.url).href;
const parquet = fileURLToPath(new URL('../../fixtures/data/tables/classes.parquet', import.meta.url));
const multihead = (args: string[], input = '') =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', input });
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const rows = toyRows(48);
const csv = `words,verdict\n${rows.map(({ text, label }) => `${text},${label}\n`).join('')}`;
let folder: string;
let scratch: string[];

beforeAll(() => {
  folder = toyFolder();
  writeFileSync(join(folder, 'train.csv.gz'), gzipSync(csv));
  scratch = [
    '--from-scratch',
    '--config',
    join(folder, 'config.json'),
    '--tokenizer',
    folder,
    '--learning-rate',
    '3e-3',
  ];
});

const train = (output: string, ...args: string[]) =>
  multihead(['train', 'text-classification', ...scratch, '--output', join(folder, output), ...args]);
const columns = ['--text', 'words', '--label', 'verdict'];

describe('data', () => {
  test('--eval-split sets a part aside, the same for the same seed', () => {
    const args = ['--train', join(folder, 'train.csv.gz'), ...columns, '--eval-split', '0.25', '--epochs', '1'];
    expect(train('split', ...args).stderr).toBe('');
    const report = json(join(folder, 'split', 'report.json'));
    expect(report.data).toMatch(/train\.csv\.gz \(--eval-split 0\.25\)$/);
    const predictions = readFileSync(join(folder, 'split', 'predictions.jsonl'), 'utf8');
    expect(lines(predictions)).toHaveLength(12);
    expect(train('split', ...args, '--overwrite').status).toBe(0);
    expect(readFileSync(join(folder, 'split', 'predictions.jsonl'), 'utf8')).toBe(predictions);
    const both = train('both', ...args, '--eval', join(folder, 'train.csv.gz'));
    expect(both.stderr).toBe('error: --eval and --eval-split exclude each other; give one of them\n');
  });

  test('--streaming trains, is killed, goes on to the same bits', () => {
    const args = ['--train', join(folder, 'train.csv.gz'), ...columns, '--streaming', '--shuffle-buffer-size', '16'];
    const settings = ['--max-steps', '9', '--batch-size', '8', '--save-steps', '4', '--no-length-bucketing'];
    expect(train('whole', ...args, ...settings).status).toBe(0);
    const bits = readFileSync(join(folder, 'whole', 'model.safetensors'));
    const output = join(folder, 'killed');
    const command = ['train', 'text-classification', ...scratch, '--output', output, ...args, ...settings];
    const env = { ...process.env, KILL_ROOT: output, KILL_AT: '^write checkpoint-6.*model' };
    const killed = spawnSync(process.execPath, ['--import', killAt, bin, ...command], { env });
    expect(killed.signal).toBe('SIGKILL');
    expect(existsSync(join(output, 'checkpoint-4'))).toBe(true);
    expect(multihead([...command, '--resume']).status).toBe(0);
    expect(readFileSync(join(output, 'model.safetensors')).equals(bits)).toBe(true);
    expect(train('held-out', ...args, '--eval-split', '0.3', '--epochs', '1').stderr).toBe('');
    const apart = lines(readFileSync(join(folder, 'held-out', 'predictions.jsonl'), 'utf8')).length;
    expect(apart).toBeGreaterThan(0);
    expect(json(join(folder, 'held-out', 'trainer_state.json')).step).toBe(Math.ceil((48 - apart) / 8));
    expect(train('no', '--train', join(folder, 'train.csv.gz'), '--shuffle-buffer-size', '16').stderr).toContain(
      '--shuffle-buffer-size goes with --streaming',
    );
  });

  test('the classes of a Parquet file keep their names and order', () => {
    const { status, stderr } = train('classes', '--train', parquet, '--skip-bad-rows', '--max-steps', '1');
    expect(stderr).toContain('1 bad row was skipped:\n');
    expect(stderr).toContain('classes.parquet: row 4: the label is missing ("label")\n');
    expect(status).toBe(0);
    expect(json(join(folder, 'classes', 'config.json')).id2label).toEqual({
      0: 'positive',
      1: 'negative',
      2: 'neutral',
    });
    expect(lines(readFileSync(join(folder, 'classes', 'skipped-rows.jsonl'), 'utf8'))).toEqual([
      { path: parquet, row: 4, problem: 'the label is missing ("label")' },
    ]);
  });

  test('without --skip-bad-rows, a bad row is an error with file and line', () => {
    writeFileSync(join(folder, 'bad.csv'), `${csv},liked\n`);
    const { status, stderr } = train('bad', '--train', join(folder, 'bad.csv'), ...columns);
    expect(stderr).toBe(`error: ${join(folder, 'bad.csv')}:50: the text is empty ("words")\n`);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  });

  test('evaluate and predict read files and standard input', () => {
    const model = ['--model', join(folder, 'split')];
    const evaluated = multihead(
      ['evaluate', 'text-classification', ...model, '--data', '-', ...columns, '--json'],
      csv,
    );
    expect(evaluated.stderr).toBe('');
    expect(JSON.parse(evaluated.stdout)).toHaveProperty('accuracy');
    const data = ['--data', '-', '--format', 'csv', '--text', 'words'];
    const predicted = multihead(['predict', 'text-classification', ...model, ...data], csv);
    const found = lines(predicted.stdout);
    expect(found.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));
    expect(found[0].labels).toEqual([{ label: expect.stringMatching(/liked$/), score: expect.any(Number) }]);
    const output = join(folder, 'predicted', 'lines.jsonl');
    expect(multihead(['predict', 'text-classification', ...model, ...data, '--output', output], csv).stdout).toBe('');
    expect(readFileSync(output, 'utf8')).toBe(predicted.stdout);
  });

  test('questions of a table: contexts are not parted, answers predicted for each row', () => {
    const questions = Array.from({ length: 16 }, (_, i) => {
      const word = ['good', 'bad', 'great', 'poor'][i % 4] as string;
      const context = `the film is very ${word}`;
      return { q: 'the film is', where: context, answers: { text: [word], answer_start: [context.indexOf(word)] } };
    });
    mkdirSync(join(folder, 'qa'));
    writeFileSync(join(folder, 'qa', 'train.jsonl'), questions.map((row) => JSON.stringify(row)).join('\n'));
    const names = ['--question', 'q', '--context', 'where'];
    const args = ['--train', join(folder, 'qa'), '--eval-split', '0.25', ...names, '--max-steps', '2'];
    const run = multihead(['train', 'question-answering', ...scratch, '--output', join(folder, 'asked'), ...args]);
    expect(run.stderr).toBe(`${join(folder, 'qa')}: reads train.jsonl (the files for train)\n`);
    const contexts = lines(readFileSync(join(folder, 'asked', 'predictions.jsonl'), 'utf8'));
    expect(contexts).toHaveLength(4); // one of four contexts, with its four questions
    const streamed = (train: string, output: string) => {
      const more = ['--train', train, '--eval-split', '0.5', ...names, '--max-steps', '2', '--streaming'];
      return multihead(['train', 'question-answering', ...scratch, '--output', join(folder, output), ...more]);
    };
    expect(streamed(join(folder, 'qa', 'train.jsonl'), 'asked-streamed')).toMatchObject({ status: 0, stderr: '' });
    const asked = lines(readFileSync(join(folder, 'asked-streamed', 'predictions.jsonl'), 'utf8'));
    expect([4, 8, 12]).toContain(asked.length); // whole contexts
    const squad = fileURLToPath(new URL('../../fixtures/data/squad.json', import.meta.url));
    expect(streamed(squad, 'document').stderr).toMatch(
      /SQuAD's JSON is one document, .* or leave out --streaming\.\n$/,
    );
    const data = ['--data', join(folder, 'qa', 'train.jsonl'), ...names];
    const predicted = multihead(['predict', 'question-answering', '--model', join(folder, 'asked'), ...data]);
    expect(predicted.stderr).toBe('');
    expect(lines(predicted.stdout).map(({ id }) => id)).toEqual(questions.map((_, i) => `${i + 1}`));
  });
});
