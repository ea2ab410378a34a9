/** @file Named entities, as a user meets them: train, evaluate, predict and compare with the real program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pipeline } from '../../../inference/pipeline.js';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder, toyRows } from '../../../testing/toy.js';

let folder: string;
let [data, output] = ['', ''];
let fresh: string[];

beforeAll(() => {
  folder = toyFolder();
  [data, output] = [join(folder, 'things.conll'), join(folder, 'run')];
  fresh = ['--from-scratch', '--config', join(folder, 'config.json'), '--tokenizer', folder];
  // Things are entities; their judgements are entities of one word or, with what stands before, of more.
  const tagOf = (word: string, before: string | undefined) => {
    if (/film|book/.test(word)) return 'B-thing';
    if (/very|quite/.test(word)) return before === 'very' ? 'I-judgement' : 'B-judgement';
    if (/the|a$|is|was/.test(word)) return 'O';
    return /very|quite/.test(before ?? '') ? 'I-judgement' : 'B-judgement';
  };
  const sentences = toyRows(48).map(({ text }) =>
    text
      .split(' ')
      .map((word, i, all) => `${word}\t${tagOf(word, all[i - 1])}\n`)
      .join(''),
  );
  writeFileSync(data, sentences.join('\n'));
});

test('training, evaluation and comparison', () => {
  const given = ['--train', data, '--eval', data, '--output', output, '--epochs', '8', '--learning-rate', '3e-3'];
  const trained = multihead('train', 'token-classification', ...fresh, ...given, '--json');
  expect(trained.stderr).toBe('');
  expect(trained.stdout).toContain('"mainMetric":"f1"');
  const report = JSON.parse(readFileSync(join(output, 'report.json'), 'utf8'));
  expect(report).toMatchObject({ task: 'token-classification', examples: 48, mainMetric: 'f1' });
  expect(report.metrics.f1).toBeGreaterThan(0.9);
  const again = multihead('evaluate', 'ner', '--model', output, '--data', data, '--report', join(folder, 'again'));
  expect(again.stdout).toContain('micro avg');
  const compared = multihead('compare', output, join(folder, 'again'));
  expect(compared.stdout).toMatch(/^f1 .*\+0\.0000/m);
});

test('prediction, of texts and of files', async () => {
  const text = 'the film is very good';
  const { stdout } = multihead('predict', 'token-classification', '--model', output, text);
  expect(stdout).toMatch(/^0\.\d{4}\tthing\tfilm\n0\.\d{4}\tjudgement\tvery good\n$/);
  const file = join(folder, 'predictions.jsonl');
  multihead('predict', 'token-classification', '--model', output, '--data', data, '--output', file);
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(48);
  expect(lines[0].tags).toHaveLength(lines[0].tokens.length);
  // What is predicted can be read again.
  expect(multihead('evaluate', 'ner', '--model', output, '--data', file).stdout).toMatch(/micro avg +1\.0000/);
  const ner = await pipeline('ner', output);
  const found = await ner(text, { aggregationStrategy: 'simple' });
  expect(found).toMatchObject([
    { entityGroup: 'thing', start: 4, end: 8 },
    { entityGroup: 'judgement', start: 12, end: 21 },
  ]);
  await ner.dispose();
});

test('streaming, and a share set aside', () => {
  const given = [
    '--train',
    data,
    '--eval-split',
    '0.25',
    '--streaming',
    '--epochs',
    '1',
    '--output',
    join(folder, 's'),
  ];
  const { stderr, status } = multihead('train', 'token-classification', ...fresh, ...given, '--json');
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('rror')]);
});

test('tags that the model does not have are refused with the line', () => {
  const other = join(folder, 'other.conll');
  writeFileSync(other, 'the\tO\n\nfilm\tB-work\n');
  const { stderr } = multihead('evaluate', 'ner', '--model', output, '--data', other);
  expect(stderr).toContain('line 3: the tag "B-work" is not among the model\'s: B-judgement, B-thing');
});
