/** @file Whose labels count, the model's or the data's: with the real program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  classificationTask,
  Trainer,
} from '../../../index.js';
import { multihead } from '../../../testing/multihead.js';
import { toyConfig, toyFolder, toyRows } from '../../../testing/toy.js';

const labelsOf = (folder: string) =>
  Object.values(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).id2label);

let folder: string;
let trained: string;
const tsv = (name: string, rename: Record<string, string>) => {
  const path = join(folder, name);
  const rows = toyRows(48).map(({ text, label }) => `${text}\t${rename[label] ?? label}\n`);
  writeFileSync(path, `text\tlabel\n${rows.join('')}`);
  return path;
};

beforeAll(async () => {
  folder = toyFolder();
  trained = join(folder, 'trained');
  const id2label = ['liked', 'disliked']; // not in the alphabet's order
  const model = BertForSequenceClassification.fromConfig(
    { ...BertConfig.fromJson(toyConfig, 'toy'), id2label },
    { seed: 1 },
  );
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = classificationTask(model.config, { tokenizer, maxLength: 32 });
  const train = toyRows(96).map((row, i) => ({ ...row, line: i + 1 }));
  const settings = { epochs: 6, batchSize: 16, learningRate: 3e-3 };
  await new Trainer({ model, task, tokenizer, train, output: trained, ...settings }).train();
  await model.dispose();
});

const train = (output: string, data: string, ...args: string[]) =>
  multihead(
    ...[
      ...['train', 'text-classification', '--model', trained, '--train', data, '--output', join(folder, output)],
      ...['--max-steps', '1', '--learning-rate', '1e-12', ...args],
    ],
  );
const accuracy = (model: string, data: string) =>
  JSON.parse(multihead(...['evaluate', 'text-classification', '--model', model, '--data', data, '--json']).stdout)
    .accuracy;

describe('training on', () => {
  test.each([
    ['plain', []],
    ['streaming', ['--streaming']],
  ])('with the labels that the model has, it stays as good as it is: %s', (output, args) => {
    const data = tsv('same.tsv', {});
    expect(accuracy(trained, data)).toBe(1);
    const { stderr, status } = train(output, data, ...args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(labelsOf(join(folder, output))).toEqual(['liked', 'disliked']);
    expect(accuracy(join(folder, output), data)).toBe(1);
  });

  test('with other labels, the head is new, and the command says so', () => {
    const data = tsv('other.tsv', { liked: 'joy', disliked: 'anger' });
    const { stderr, status } = train('other', data);
    expect(status).toBe(0);
    expect(stderr).toBe(
      `The labels of ${trained} (liked, disliked) are not those of the data (anger, joy): its head ` +
        '(classifier.weight, classifier.bias) is not used, and a new one is trained.\n',
    );
    expect(labelsOf(join(folder, 'other'))).toEqual(['anger', 'joy']);
  });
});

describe('labels that only --eval has', () => {
  test.each([
    ['plain', []],
    ['streaming', ['--streaming']],
  ])('are an error that names them, unless they are allowed: %s', (name, args) => {
    const data = tsv('same.tsv', {});
    const evaluation = tsv('unseen.tsv', { liked: 'adored' });
    const given = ['--eval', evaluation, ...args];
    const refused = train(`unseen-${name}`, data, ...given);
    expect(refused.stderr).toContain(`error: ${evaluation}: no example of ${data} has the label "adored", so a model`);
    expect(refused.status).toBe(1);
    const allowed = train(`unseen-${name}`, data, ...given, '--allow-unseen-labels');
    expect(allowed.status).toBe(0);
    expect(labelsOf(join(folder, `unseen-${name}`))).toEqual(['disliked', 'liked', 'adored']);
  });
});
