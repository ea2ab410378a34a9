import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AutoTokenizer, type ClassificationExample, type ProblemType } from '../../index.js';
import { BertConfig } from '../../models/bert/config.js';
import { classificationTask, TextClassification } from './text-classification.js';

const tokenizer = await AutoTokenizer.fromPretrained(
  fileURLToPath(new URL('../../../../../examples/data/tokenizer', import.meta.url)),
);
const labels = ['cancel', 'refund', 'other'];
const row = (label: ClassificationExample['label'], text = 'where is my order'): ClassificationExample => ({
  text,
  line: 7,
  ...(label !== undefined && { label }),
});
const logits = (...values: number[]) => ({
  logits: { dtype: 'float32' as const, shape: [1, 3], data: Float32Array.from(values) },
});

describe('one label', () => {
  const task = new TextClassification({ tokenizer, labels, maxLength: 16 });

  test('labels become numbers; texts are cut to the length', async () => {
    const long = 'please cancel my order '.repeat(20);
    const features = (await task.encode([row('refund'), row('other', long)])).flat();
    const batch = task.collate(features);
    expect(batch.labels).toEqual({ dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 2n) });
    expect(batch.input_ids?.shape).toEqual([2, 16]);
  });

  test('scores become probabilities, the highest first', () => {
    const prediction = task.combine(row('refund'), [task.decode(logits(0, Math.log(3), Math.log(4)), 0)]);
    expect(prediction.map(({ label }) => label)).toEqual(['other', 'refund', 'cancel']);
    expect(prediction.map(({ score }) => score)).toEqual([0.5, 0.375, 0.125].map((p) => expect.closeTo(p, 6)));
  });

  test('a label that the model does not have is named, with its line', async () => {
    await expect(task.encode([row('refunds')])).rejects.toThrow(
      'line 7: the label "refunds" is not among the model\'s: cancel, refund, other',
    );
  });

  test('pairs go in together', async () => {
    const features = (await task.encode([{ ...row('other', 'refund'), textPair: 'order' }])).flat();
    // The second text and its [SEP].
    expect(features[0]?.tokenTypeIds.filter((type) => type === 1)).toHaveLength(2);
  });

  test('examples without labels make batches without', async () => {
    expect(task.collate((await task.encode([row(undefined)])).flat()).labels).toBeUndefined();
  });
});

test('several labels: a 0 or 1 for each, and each above one half is chosen', async () => {
  const task = new TextClassification({ tokenizer, labels, problemType: 'multi_label_classification' });
  const examples = [row(['cancel', 'other']), row([])];
  const { labels: target } = task.collate((await task.encode(examples)).flat());
  expect(target).toEqual({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 0, 1, 0, 0, 0) });
  const predictions = [logits(2, -2, 2), logits(-1, -1, -1)].map((out, i) =>
    task.combine(examples[i] as ClassificationExample, [task.decode(out, 0)]),
  );
  expect(task.metrics(predictions, examples).metrics).toMatchObject({ accuracy: 1, micro_f1: 1 });
  const { report } = task.metrics(predictions, examples);
  expect(report).toContain('tuned_micro_f1              1.0000');
  expect(report).toMatch(/threshold {2}f1-score\n\ncancel {5}0\.5749 {4}1\.0000\nrefund {5}0\.5000 {4}0\.0000\n/);
});

test('a number: the value itself, with correlations as scores', async () => {
  const task = new TextClassification({ tokenizer, labels: ['LABEL_0'], problemType: 'regression' });
  const examples = [row(1.5), row(2.5), row(4)];
  const { labels: target } = task.collate((await task.encode(examples)).flat());
  expect(target?.data).toEqual(Float32Array.of(1.5, 2.5, 4));
  const predictions = [1, 2, 3.5].map((value) => [{ label: 'LABEL_0', score: value }]);
  expect(task.metrics(predictions, examples).metrics).toMatchObject({ pearson: expect.closeTo(1, 9), mse: 0.25 });
});

describe("labels of another kind than the model's are refused, not trained on", () => {
  const taskOf = (problemType: ProblemType) => new TextClassification({ tokenizer, labels, problemType });

  test.each<[ProblemType, ClassificationExample['label'], string]>([
    ['regression', 'refund', 'line 7: the label "refund" is not a number'],
    ['regression', Number.NaN, 'line 7: the label "NaN" is not a number'],
    ['single_label_classification', ['refund', 'other'], 'line 7: a list of labels, [refund, other]'],
    ['single_label_classification', 1, 'line 7: the label "1" is not among'],
    ['multi_label_classification', ['refund', 'mine'], 'line 7: the label "mine" is not among'],
  ])('%s: %o', async (problemType, label, message) => {
    await expect(taskOf(problemType).encode([row(label)])).rejects.toThrow(message);
  });

  test('a regression of several values has no use for one', async () => {
    await expect(taskOf('regression').encode([row(0.5)])).rejects.toThrow(
      'line 7: the label "0.5" is one value, but the model is a regression of 3 (num_labels)',
    );
  });

  test('and so is a batch in which only some have one', async () => {
    const task = taskOf('single_label_classification');
    const features = (await task.encode([row('refund'), row(undefined)])).flat();
    expect(() => task.collate(features)).toThrow('some examples have a label and others have none');
  });
});

describe('one class under two names', () => {
  const task = new TextClassification({ tokenizer, labels: ['LABEL_0', 'LABEL_1'] });
  const examples = [row('0'), row(1), row('LABEL_1')];

  test('LABEL_1 is 1, as a target', async () => {
    const { labels: target } = task.collate((await task.encode(examples)).flat());
    expect(target?.data).toEqual(BigInt64Array.of(0n, 1n, 1n));
  });

  test('and in metrics', () => {
    const predictions = [
      [0.9, 0.1],
      [0.2, 0.8],
      [0.3, 0.7],
    ].map((scores, i) => task.combine(examples[i] as ClassificationExample, [scores]));
    expect(task.metrics(predictions, examples).metrics).toMatchObject({ accuracy: 1, macro_f1: 1 });
    const several = new TextClassification({
      tokenizer,
      labels: ['LABEL_0', 'LABEL_1'],
      problemType: 'multi_label_classification',
    });
    const lists = [row(['0', '1']), row([])];
    const both = [
      [0.9, 0.8],
      [0.2, 0.1],
    ].map((scores, i) => several.combine(lists[i] as ClassificationExample, [scores]));
    expect(several.metrics(both, lists).metrics).toMatchObject({ accuracy: 1, micro_f1: 1 });
  });
});

test('one label without a problem type is the value of a regression, as in Transformers', () => {
  const config = { ...BertConfig.fromJson({ num_labels: 1 }, 'config.json') };
  expect(classificationTask(config, { tokenizer }).problemType).toBe('regression');
  expect(classificationTask({ ...config, id2label: ['a', 'b'] }, { tokenizer }).problemType).toBe(
    'single_label_classification',
  );
});

test('probabilities of huge scores are finite', () => {
  const task = new TextClassification({ tokenizer, labels });
  expect(task.decode(logits(1e4, 1e4, -1e4), 0)).toEqual([0.5, 0.5, 0]);
});

test('each row of a batch has its own scores', () => {
  const task = new TextClassification({ tokenizer, labels: ['a', 'b'], problemType: 'regression' });
  const two = { logits: { dtype: 'float32' as const, shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } };
  expect([task.decode(two, 0), task.decode(two, 1)]).toEqual([
    [1, 2],
    [3, 4],
  ]);
});
