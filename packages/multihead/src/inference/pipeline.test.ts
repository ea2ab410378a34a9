import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertModel,
  pipeline,
  QuestionAnswering,
  type QuestionAnsweringExample,
  type QuestionAnsweringPipeline,
  TextClassification,
  type TextClassificationPipeline,
  Trainer,
} from '../index.js';
import { predictExamples } from '../tasks/predict.js';
import { toyConfig, toyFolder, toyRows } from '../testing/toy.js';

const config = BertConfig.fromJson(toyConfig, 'toy');
const settings = { batchSize: 8, learningRate: 3e-3 };
let classifier: string;
let answerer: string;

/** Contexts in which the one adjective is the answer. */
function toyQuestions(): QuestionAnsweringExample[] {
  const words = ['good', 'fine', 'great', 'bad', 'poor', 'awful'];
  return Array.from({ length: 72 }, (_, i) => {
    const [answer, thing] = [words[i % 6] as string, i % 4 < 2 ? 'film' : 'book'];
    const context = `${['the', 'a', 'very the'][i % 3]} ${thing} ${i % 5 < 3 ? 'was' : 'is'} ${answer} the book`;
    return {
      id: `${i}`,
      question: `was the ${thing}`,
      context,
      answers: [{ text: answer, start: context.indexOf(answer) }],
    };
  });
}

beforeAll(async () => {
  const folder = toyFolder();
  [classifier, answerer] = [join(folder, 'classifier'), join(folder, 'answerer')];
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  {
    const labels = ['disliked', 'liked'];
    const model = BertForSequenceClassification.fromConfig({ ...config, id2label: labels }, { seed: 1 });
    const task = new TextClassification({ tokenizer, labels, maxLength: 32 });
    const train = toyRows(96).map((row, i) => ({ ...row, line: i + 1 }));
    await new Trainer({ model, task, tokenizer, train, output: classifier, ...settings, epochs: 4 }).train();
    await model.dispose();
  }
  {
    const model = BertForQuestionAnswering.fromConfig(config, { seed: 1 });
    const task = new QuestionAnswering({ tokenizer, maxLength: 32, stride: 8 });
    const train = toyQuestions();
    await new Trainer({ model, task, tokenizer, train, output: answerer, ...settings, epochs: 12 }).train();
    await model.dispose();
  }
});

test.each([
  [null, (x: number) => 1 / (1 + Math.exp(-x))],
  ['single_label_classification', (x: number) => 1 / (1 + Math.exp(-x))],
  ['regression', (x: number) => x],
] as const)('the score of one label, of problem type %s', async (problemType, expected) => {
  const folder = toyFolder();
  const one = { ...config, id2label: ['LABEL_0'], numLabels: 1, problemType };
  const model = BertForSequenceClassification.fromConfig(one, { seed: 1 });
  await model.savePretrained(folder);
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const { inputIds: ids } = await tokenizer.encode('the film is great');
  const whole = (values: readonly number[]) => ({
    dtype: 'int64' as const,
    shape: [1, ids.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const { logits } = await model.predictValues({
    input_ids: whole(ids),
    attention_mask: whole(ids.map(() => 1)),
    token_type_ids: whole(ids.map(() => 0)),
  });
  await model.dispose();
  const classify = await pipeline('text-classification', folder);
  const [found] = await classify('the film is great');
  await classify.dispose();
  expect(found?.score).toBeCloseTo(expected(logits?.data[0] as number), 6);
});

describe('text-classification', () => {
  let classify: TextClassificationPipeline;
  beforeAll(async () => {
    classify = await pipeline('text-classification', classifier);
  });
  afterAll(() => classify.dispose());

  test('gives a text its label', async () => {
    expect(await classify('the film is great')).toEqual([{ label: 'liked', score: expect.any(Number) }]);
    expect((await classify('the book is very awful'))[0]).toMatchObject({ label: 'disliked' });
  });

  test('gives texts theirs, in their order, whatever their lengths', async () => {
    const texts = ['the book is very awful', 'great', 'a film was very very bad the film is bad', 'the film is fine'];
    const labels = (await classify(texts)).map(([best]) => best?.label);
    expect(labels).toEqual(['disliked', 'liked', 'disliked', 'liked']);
    expect(await classify([])).toEqual([]);
  });

  test('gives all labels when asked, and their probabilities sum to 1', async () => {
    const scores = await classify('the film is great', { topK: 5 });
    expect(scores.map(({ label }) => label)).toEqual(['liked', 'disliked']);
    expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
    await expect(classify('the film is great', { topK: 0 })).rejects.toThrow('topK is 0');
  });

  test('gives all labels for topK: null', async () => {
    expect(await classify('the film is great', { topK: null })).toEqual(
      await classify('the film is great', { topK: 2 }),
    );
  });

  test('reads both texts of a pair, alone and among texts', async () => {
    const pair = { text: 'the film', textPair: 'is great' };
    const scores = await classify(pair, { topK: null });
    const model = await BertForSequenceClassification.fromPretrained(classifier);
    const tokenizer = await AutoTokenizer.fromPretrained(classifier);
    const [encoding] = await tokenizer.encodeBatch([['the film', 'is great']], { maxLength: 32 });
    expect(encoding?.tokenTypeIds).toContain(1);
    const task = new TextClassification({ tokenizer, labels: ['disliked', 'liked'], maxLength: 32 });
    const [expected] = await predictExamples(model, task, [{ ...pair, line: 1 }]);
    await model.dispose();
    expect(scores).toEqual(expected);
    const [first, second] = await classify(['the film', pair], { topK: null });
    for (const [i, { label, score }] of (second ?? []).entries()) {
      expect(label).toBe(scores[i]?.label);
      expect(score).toBeCloseTo(scores[i]?.score as number, 5);
    }
    expect(first).not.toEqual(second);
  });

  test('reads the beginning of a text that is longer than the model', async () => {
    const text = `the film is great ${'the film is '.repeat(40)}`;
    expect((await classify(text))[0]).toMatchObject({ label: 'liked' });
  });
});

describe('question-answering', () => {
  let answer: QuestionAnsweringPipeline;
  beforeAll(async () => {
    answer = await pipeline('question-answering', answerer);
  });
  afterAll(() => answer.dispose());

  test('gives the best answers, none where there may be none, and short ones, as asked', async () => {
    const question = { question: 'was the film', context: 'the film was great the book' };
    const all = await answer(question);
    expect(await answer(question, { topK: 3 })).toEqual(all.nBest.slice(0, 3));
    expect(await answer([question, question], { topK: 1 })).toEqual([all.nBest.slice(0, 1), all.nBest.slice(0, 1)]);
    const impossible = await answer(question, { handleImpossibleAnswer: true });
    expect(impossible.nullScoreDifference).toEqual(expect.any(Number));
    expect(impossible.nBest.map(({ answer }) => answer)).toContain('');
    const short = await answer(question, { topK: 50, maxAnswerLength: 1 });
    expect(short.every(({ answer }) => !answer.includes(' '))).toBe(true);
    expect(await answer(question)).toEqual(all);
    await expect(answer(question, { topK: 0 })).rejects.toThrow('topK is 0');
    await expect(answer(question, { maxLength: 1 } as object)).rejects.toThrow('there is no option "maxLength"');
  });

  test('finds the answer and its characters', async () => {
    const context = 'the film was great the book';
    const { start, end, score, ...found } = await answer({ question: 'was the film', context });
    expect(found.answer).toBe('great');
    expect(context.slice(start, end)).toBe('great');
    expect(score).toBeGreaterThan(0.3);
    const logits = found.nBest.map(({ startLogit, endLogit }) => startLogit + endLogit);
    const { startLogit, endLogit } = found.nBest[0] ?? {};
    expect(found.nBest[0]).toEqual({ answer: 'great', start, end, score, startLogit, endLogit });
    const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [i, { score }] of found.nBest.entries())
      expect(score).toBeCloseTo(Math.exp(logits[i] as number) / sum, 5);
    expect(found.nBest.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
  });

  test('answers several questions in their order; of each the characters are right, also behind emoji', async () => {
    const contexts = ['the book is poor the book', '😀👩‍👩‍👧‍👦 the film is fine the book'];
    const answers = await answer(contexts.map((context) => ({ question: 'was the film', context })));
    for (const [i, { answer, start, end }] of answers.entries()) expect(contexts[i]?.slice(start, end)).toBe(answer);
    expect(answers[0]?.answer).toBe('poor');
  });

  test('looks through a context that is longer than the model', async () => {
    const context = `${'the book the film '.repeat(20)}the film was awful the book`;
    expect((await answer({ question: 'was the film', context })).answer).toContain('awful');
  });
});

describe('refuses', () => {
  test('a head that was never trained', async () => {
    await expect(pipeline('question-answering', classifier)).rejects.toThrow(
      'has no trained head for question-answering (missing: qa_outputs.weight, qa_outputs.bias). Train one first',
    );
    await expect(pipeline('text-classification', answerer)).rejects.toThrow(/no trained head.*classifier\.weight/);
  });

  test('a backbone without any head', async () => {
    const folder = toyFolder();
    await BertModel.fromConfig(config).savePretrained(folder);
    await expect(pipeline('text-classification', folder)).rejects.toThrow('has no trained head');
  });

  test('an unknown task', async () => {
    await expect(pipeline('translation' as 'text-classification' | 'question-answering', classifier)).rejects.toThrow(
      'pipeline: there is no task "translation"; there are: text-classification, question-answering',
    );
  });

  test('no model, in words', async () => {
    const without = pipeline as (
      task: 'text-classification' | 'question-answering',
      model?: unknown,
      options?: unknown,
    ) => Promise<unknown>;
    for (const model of [undefined, null, '', { batchSize: 3 }]) {
      await expect(without('text-classification', model)).rejects.toThrow(
        "pipeline: text-classification needs a model, and none was given. Name a folder or a model of the hub: pipeline('text-classification', 'runs/my-model')",
      );
    }
    await expect(
      without('text-clasification' as 'text-classification' | 'question-answering', classifier),
    ).rejects.toThrow('Did you mean text-classification?');
  });

  test('options that there are not, of the pipeline and of its calls', async () => {
    const mistaken = (options: object) => pipeline('sentiment-analysis', classifier, options);
    await expect(mistaken({ top_k: 1 })).rejects.toThrow(
      /pipeline\('sentiment-analysis'\): there is no option "top_k"; there are: batchSize, maxLength/,
    );
    await expect(mistaken({ batch_size: 1 })).rejects.toThrow('Did you mean batchSize?');
    const classify = await mistaken({ batchSize: 2 });
    await expect(classify('the film', { top_k: 1 } as object)).rejects.toThrow(
      'text-classification: there is no option "top_k"; there are: topK. Did you mean topK?',
    );
    await classify.dispose();
  });

  test('inputs that are none', async () => {
    const classify = await pipeline('sentiment-analysis', classifier);
    await expect(classify({ txt: 'the film' } as never)).rejects.toThrow(
      `text-classification: input 1 is {"txt":"the film"}; expected a text, or { text: '...', textPair: '...' }`,
    );
    await expect(classify(['the film', undefined] as never)).rejects.toThrow('input 2 is undefined; expected a text');
    await classify.dispose();
    const answer = await pipeline('question-answering', answerer);
    await expect(answer({ question: 'was the film' } as never)).rejects.toThrow(
      "question-answering: input 1: context is missing; expected { question: '...', context: '...' }",
    );
    await expect(answer([{ question: 3, context: 'a' }] as never)).rejects.toThrow('input 1: question is 3');
    await expect(answer('was the film' as never)).rejects.toThrow('input 1: question is missing');
    await answer.dispose();
  });

  test('a folder without tokenizer, and one that is not there', async () => {
    const folder = toyFolder();
    for (const name of ['config.json', 'model.safetensors']) {
      expect(existsSync(join(classifier, name))).toBe(true);
      writeFileSync(join(folder, 'vocab.txt'), '');
      writeFileSync(join(folder, name), readFileSync(join(classifier, name)));
    }
    await expect(pipeline('text-classification', folder)).rejects.toThrow('vocab.txt: is empty');
    await expect(pipeline('text-classification', join(folder, 'no'))).rejects.toThrow(
      'no such folder, and no id of the hub',
    );
  });

  test('a longer text than the model can read, when it is asked for', async () => {
    await expect(pipeline('text-classification', classifier, { maxLength: 64 })).rejects.toThrow(
      'maxLength is 64, but the model reads no more than 32 tokens',
    );
  });
});
