/** @file Text ranking trained in code: examples, options and models that the task does not take are refused. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  type BuiltInRankingLoss,
  evaluateExamples,
  type RankingExample,
  TextRanking,
  type TextRankingOptions,
  Trainer,
} from '../../index.js';

const folder = fileURLToPath(new URL('../../../fixtures/ranking/model', import.meta.url));
const tokenizer = await AutoTokenizer.fromPretrained(folder);
const model = await AutoModelForSequenceClassification.fromPretrained(folder);
const taskWith = (options: Partial<TextRankingOptions> = {}) =>
  new TextRanking({ tokenizer, maxLength: 20, ...options });

afterAll(() => model.dispose());

const good: RankingExample = { query: 'good', documents: ['the film', 'a book'], labels: [1, 0] };

describe('what is no labelled example is refused by its number, in training and evaluation:', () => {
  test.each<[string, unknown, string]>([
    [
      'a row of a table',
      { query: 'q', document: 'd', label: 1 },
      'example 1 is {"query":"q","document":"d","label":1}; expected { query: ',
    ],
    ['nothing', null, 'example 1 is null; expected { query: '],
    ['no documents', { ...good, documents: [], labels: [] }, 'example 1 has no documents; expected one or more'],
    [
      'a missing document',
      { ...good, documents: ['a', undefined] },
      'example 1: documents[1] is undefined; expected a string',
    ],
    ['no labels', { ...good, labels: undefined, line: 3 }, 'line 3: 2 documents, but no labels'],
    ['a label too few', { ...good, labels: [1] }, 'example 1: 2 documents, but labels of 1'],
    ['NaN', { ...good, labels: [1, Number.NaN] }, 'example 1: labels[1] is NaN; expected a number from 0'],
    ['Infinity', { ...good, labels: [Number.POSITIVE_INFINITY, 0] }, 'example 1: labels[0] is Infinity; expected'],
    ['a label below 0', { ...good, labels: [1, -1] }, 'example 1: labels[1] is -1; expected a number from 0'],
  ])('%s', async (_, example, message) => {
    const train = [good, example] as RankingExample[];
    for (const loss of ['binary-cross-entropy', 'list-net', 'lambda']) {
      const trainer = new Trainer({ model, task: taskWith({ loss }), train, epochs: 1 });
      await expect(trainer.train(), loss).rejects.toThrow(message);
    }
    await expect(evaluateExamples(model, taskWith(), train)).rejects.toThrow(message);
  });
});

test('a model of two labels is refused, and one with a new head of one label is not', async () => {
  const several = await AutoModelForSequenceClassification.fromPretrained(folder, { config: { numLabels: 2 } });
  const message = 'text-ranking needs a model of one label, whose score is the relevance; this one has 2. Load it with';
  expect(() => new Trainer({ model: several, task: taskWith(), train: [good] })).toThrow(message);
  await expect(evaluateExamples(several, taskWith(), [good])).rejects.toThrow(message);
  const one = await AutoModelForSequenceClassification.fromPretrained(folder, { config: { numLabels: 1 } });
  expect((await evaluateExamples(one, taskWith(), [good])).metrics).toHaveProperty('map');
  await Promise.all([several.dispose(), one.dispose()]);
});

describe('options', () => {
  test.each([
    ['softmax', 'activation is "softmax"; it must be one of sigmoid, identity'],
    ['sigmod', 'Did you mean sigmoid?'],
  ])('the activation %s is refused', (activation, message) => {
    expect(() => taskWith({ activation: activation as 'sigmoid' })).toThrow(message);
  });

  test('the names of the losses are known to the compiler, and others are allowed', () => {
    const names: BuiltInRankingLoss[] = ['binary-cross-entropy', 'cross-entropy', 'list-net', 'lambda'];
    // @ts-expect-error: no loss has this name
    const wrong: BuiltInRankingLoss = 'lamda';
    expect(names).not.toContain(wrong);
    const registered: TextRankingOptions['loss'] = wrong as string;
    expect(() => taskWith({ loss: registered })).toThrow('Did you mean lambda?');
  });
});
