/** @file Sentence similarity trained in code: examples, options and models that the task does not take are refused. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AutoModel,
  AutoTokenizer,
  type BuiltInSimilarityLoss,
  evaluateExamples,
  SentenceSimilarity,
  type SentenceSimilarityOptions,
  type SimilarityExample,
  similarityForm,
  Trainer,
} from '../../index.js';

const folder = fileURLToPath(new URL('../../../fixtures/sentence/model', import.meta.url));
const tokenizer = await AutoTokenizer.fromPretrained(folder);
const model = await AutoModel.fromPretrained(folder);
const { hiddenSize } = model.config;
const taskWith = (options: Partial<SentenceSimilarityOptions> = {}) =>
  new SentenceSimilarity({ tokenizer, hiddenSize, ...options });

afterAll(() => model.dispose());

const texts = ['the film is good', 'a book is bad'];
const formHint = 'form of the training examples: `form: similarityForm(train)`';

/** Trains on an example that is as it should be, and another. */
function train(odd: unknown, options: Partial<SentenceSimilarityOptions>, first: SimilarityExample = { texts }) {
  const examples = [first, odd as SimilarityExample];
  return new Trainer({ model, task: taskWith(options), train: examples, epochs: 1, batchSize: 2 }).train();
}

describe('examples of another form than the task has are not trained on:', () => {
  test.each<[string, SimilarityExample, Partial<SentenceSimilarityOptions>, string]>([
    ['scores', { texts, label: 0 }, {}, 'example 0 has 2 texts and the label 0; the task expects 2 texts and no label'],
    [
      'hard negatives',
      { texts: [...texts, 'film'] },
      {},
      'example 0 has 3 texts and no label; the task expects 2 texts',
    ],
    [
      'no scores',
      { texts },
      { form: { texts: 2, labels: 'scores', classes: [], range: [0, 5] } },
      'example 0 has 2 texts and no label; the task expects 2 texts and a number as its label',
    ],
    [
      'a score instead of 0 or 1',
      { texts, label: 0.5, line: 7 },
      { form: { texts: 2, labels: 'binary', classes: ['0', '1'], range: [0, 1] } },
      'line 7 has 2 texts and the label 0.5; the task expects 2 texts and the label 0 or 1',
    ],
  ])('%s', async (_, example, options, message) => {
    const training = train({ texts, label: 1 }, options, example);
    await expect(training).rejects.toThrow(message);
    await expect(training).rejects.toThrow(formHint);
  });

  test('a class that the form does not have', async () => {
    const form = similarityForm(['yes', 'no'].map((label) => ({ texts, label })));
    await expect(train({ texts, label: 'maybe' }, { form }, { texts, label: 'yes' })).rejects.toThrow(
      'example 1: the label "maybe" is not among the form\'s: no, yes',
    );
  });

  test('a score above the highest, by which scores become cosines', async () => {
    const form = { texts: 2, labels: 'scores', classes: [] } as const;
    await expect(
      train({ texts, label: 4 }, { form, loss: 'cosine-similarity' }, { texts, label: 0.5 }),
    ).rejects.toThrow('example 1: the score is 4, and loss cosine-similarity takes scores from -1 to 1 here');
  });

  test('a named loss asks for the form where it is not given', () => {
    expect(() => taskWith({ loss: 'cosent' })).toThrow(
      'loss cosent needs the form of the training examples: give the task `form: similarityForm(train)`',
    );
  });
});

test('with the form of its examples, the loss is the usual one for them', async () => {
  const scored = [0, 2, 4, 5].map((label) => ({ texts, label }));
  const task = taskWith({ form: similarityForm(scored) });
  const { loss } = await new Trainer({ model, task, train: scored, epochs: 1, batchSize: 4 }).train();
  expect(loss).toBeGreaterThan(0);
});

describe('what is no example is refused by its number:', () => {
  test.each<[string, unknown, string]>([
    ['named texts', { anchor: 'a', positive: 'b' }, 'example 1 is {"anchor":"a","positive":"b"}; expected { texts: ['],
    ['nothing', undefined, 'example 1 is undefined; expected { texts: ['],
    ['one text', { texts: ['a'] }, 'example 1 has 1 text; expected two or more'],
    ['a missing text', { texts: ['a', undefined] }, 'example 1: texts[1] is undefined; expected a string'],
    ['NaN', { texts, label: Number.NaN }, 'example 1: the label is NaN; expected a finite number'],
    [
      'Infinity',
      { texts, label: Number.POSITIVE_INFINITY, line: 9 },
      'line 9: the label is Infinity; expected a finite',
    ],
    ['null', { texts, label: null }, 'example 1: the label is null; expected a finite number'],
  ])('%s', async (_, example, message) => {
    const examples = [{ texts, label: 1 }, example] as SimilarityExample[];
    expect(() => similarityForm(examples)).toThrow(message);
    const form = { texts: 2, labels: 'scores', classes: [] } as const;
    await expect(train(example, { form }, { texts, label: 1 })).rejects.toThrow(message);
    await expect(evaluateExamples(model, taskWith(), examples)).rejects.toThrow(message);
  });

  test('a label where others have none, in an evaluation', async () => {
    const mixed = [{ texts }, { texts, label: 1 }];
    await expect(evaluateExamples(model, taskWith(), mixed)).rejects.toThrow(
      'example 1: the label is 1, where those before are missing',
    );
  });
});

describe('options', () => {
  test('the hidden size is that of the model', async () => {
    const task = taskWith({ hiddenSize: 7 });
    const message = `hiddenSize is 7, and the model's is ${hiddenSize}; give the task \`hiddenSize: model.config.hiddenSize\``;
    expect(() => new Trainer({ model, task, train: [{ texts }] })).toThrow(message);
    await expect(evaluateExamples(model, task, [{ texts }])).rejects.toThrow(message);
  });

  test.each([undefined, 0, 1.5])('a hidden size of %s is refused', (size) => {
    expect(() => taskWith({ hiddenSize: size as number })).toThrow(`hiddenSize is ${size}; it must be the size`);
  });

  test.each([
    ['pooling', 'avg', 'pooling is "avg"; it must be one of mean, cls, max, lasttoken'],
    ['pooling', 'maen', 'Did you mean mean?'],
    ['similarity', 'jaccard', 'similarity is "jaccard"; it must be one of cosine, dot, euclidean, manhattan'],
  ])('%s %s is refused', (name, value, message) => {
    expect(() => taskWith({ [name]: value })).toThrow(message);
  });

  test('the names of the losses are known to the compiler, and others are allowed', () => {
    const names: BuiltInSimilarityLoss[] = ['multiple-negatives-ranking', 'cosent', 'softmax'];
    // @ts-expect-error: no loss has this name
    const wrong: BuiltInSimilarityLoss = 'mnr';
    expect(names).not.toContain(wrong);
    const registered: SentenceSimilarityOptions['loss'] = wrong as string;
    expect(() => taskWith({ loss: registered })).toThrow('loss is mnr');
  });
});
