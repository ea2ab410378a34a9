/** @file The labels of a task and those of its model, wherever a task meets a model. */
import { afterAll, describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  BertForTokenClassification,
  evaluateExamples,
  FewShotClassification,
  linearProbe,
  TextClassification,
  type TextClassificationOptions,
  TokenClassification,
  Trainer,
} from '../index.js';
import { toyConfig, toyFolder, toyRows } from '../testing/toy.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), classifierPooling: 'mean' as const };
const labels = ['disliked', 'liked'];
const train = toyRows(4);
const classifier = (id2label: readonly string[], more: object = {}) =>
  BertForSequenceClassification.fromConfig({ ...config, id2label, numLabels: id2label.length, ...more });
const model = classifier(labels);
const taskWith = (labels: readonly string[], more: Partial<TextClassificationOptions> = {}) =>
  new TextClassification({ tokenizer, labels, maxLength: 16, ...more });

afterAll(() => model.dispose());

const others: [string, readonly string[], string][] = [
  ['too many', ['disliked', 'liked', 'neither'], '3 labels (disliked, liked, neither)'],
  ['too few', ['disliked'], '1 label (disliked)'],
  ['the same in another order', ['liked', 'disliked'], '2 labels (liked, disliked)'],
  ['other names', ['no', 'yes'], '2 labels (no, yes)'],
];

describe.each(others)('%s', (_, given, listed) => {
  const message = `text-classification: the task has ${listed}, and the model has 2 labels (disliked, liked)`;

  test('are refused before training', () => {
    expect(() => new Trainer({ model, task: taskWith(given), train })).toThrow(message);
    const fewShot = new FewShotClassification({ tokenizer, labels: given });
    expect(() => new Trainer({ model, task: fewShot, train })).toThrow(message);
  });

  test('are refused in an evaluation', async () => {
    await expect(evaluateExamples(model, taskWith(given), train)).rejects.toThrow(message);
  });
});

test('a linear probe of other labels is refused, and the weights stay', async () => {
  const before = (await model.weights.read()).data.slice();
  for (const given of [
    ['disliked', 'liked', 'neither'],
    ['liked', 'disliked'],
  ]) {
    await expect(linearProbe(model, taskWith(given), train)).rejects.toThrow('and the model has 2 labels');
  }
  expect((await model.weights.read()).data).toEqual(before);
});

test('the tags of words are compared, too', async () => {
  const tags = ['O', 'B-PER', 'I-PER'];
  const tagger = BertForTokenClassification.fromConfig({ ...config, id2label: tags, numLabels: 3 });
  const sentences = [{ tokens: ['the', 'film'], tags: ['O', 'B-PER'] }];
  for (const labels of [
    ['O', 'B-PER'],
    [...tags, 'B-LOC'],
    ['B-PER', 'I-PER', 'O'],
  ]) {
    const task = new TokenClassification({ tokenizer, labels });
    const message = `and the model has 3 labels (${tags.join(', ')})`;
    expect(() => new Trainer({ model: tagger, task, train: sentences })).toThrow(message);
    await expect(evaluateExamples(tagger, task, sentences)).rejects.toThrow(message);
  }
  const same = new TokenClassification({ tokenizer, labels: tags });
  expect((await evaluateExamples(tagger, same, sentences)).mainMetric).toBe('f1');
  await tagger.dispose();
});

describe('passes:', () => {
  test('the same labels', async () => {
    await new Trainer({ model, task: taskWith(labels), train, epochs: 1 }).train();
    expect((await evaluateExamples(model, taskWith(labels), train)).mainMetric).toBe('accuracy');
  });

  test('numbers of classes that have no names', () => {
    const unnamed = classifier(['LABEL_0', 'LABEL_1']);
    expect(() => new Trainer({ model: unnamed, task: taskWith(['0', '1']), train })).not.toThrow();
  });

  test('the value of a regression, whatever its name', () => {
    const regression = classifier(['LABEL_0'], { problemType: 'regression' });
    const task = taskWith(['stars'], { problemType: 'regression' });
    expect(() => new Trainer({ model: regression, task, train: [{ text: 'good', label: 1 }] })).not.toThrow();
  });
});
