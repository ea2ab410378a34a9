/** @file Examples that come from no file: written down in code, without lines and ids. */
import { expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  type Feature,
  QuestionAnswering,
  type QuestionAnsweringExample,
  type Task,
  Trainer,
  type TrainingEvent,
} from '../../index.js';
import { modelInputs } from '../../models/core/model.js';
import { collateTokens } from '../../tasks/collate.js';
import { predictExamples } from '../../tasks/predict.js';
import { answerFiles } from '../../tasks/question-answering/answer-files.js';
import { answerOutcomes } from '../../tasks/question-answering/outcomes.js';
import { classificationOutcomes } from '../../tasks/text-classification/outcomes.js';
import type { Tensor } from '../../tensor/tensor.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: ['disliked', 'liked'] };
const settings = { epochs: 1, batchSize: 4 };

test('texts with labels', async () => {
  const train: ClassificationExample[] = toyRows(8);
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const task = classificationTask(model.config, { tokenizer, maxLength: 16 });
  await new Trainer({ model, task, tokenizer, train, evaluation: train, ...settings }).train();
  const predictions = await predictExamples(model, task, train);
  expect(classificationOutcomes(task, predictions, train).map(({ id }) => id)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
  ]);
  await model.dispose();
});

test('questions', async () => {
  const one: QuestionAnsweringExample = {
    question: 'was the film',
    context: 'the film was great',
    answers: [{ text: 'great', start: 13 }],
  };
  const train = [one, { ...one, id: 'mine' }, one];
  const model = BertForQuestionAnswering.fromConfig(config, { seed: 1 });
  const task = new QuestionAnswering({ tokenizer, maxLength: 16, stride: 4 });
  await new Trainer({ model, task, tokenizer, train, evaluation: train, ...settings }).train();
  const predictions = await predictExamples(model, task, train);
  expect(task.metrics(predictions, train).report).toMatch(/questions +3/);
  expect(answerOutcomes(task, predictions, train).map(({ id }) => id)).toEqual(['0', 'mine', '2']);
  expect(Object.keys(answerFiles(predictions, train)['eval_predictions.json'] ?? {})).toEqual(['0', '2', 'mine']);
  await model.dispose();
});

test('features without tokens of their own: a series of values, by their length and what they hold', async () => {
  type Series = Feature & { readonly values: Float32Array };
  const train = [4, 2, 3, 4].map((length, i) => ({ values: Array.from({ length }, (_, t) => (i + t) % 5) }));
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const seen: number[][] = [];
  const task: Task<{ values: number[] }, Series, number, number> = {
    name: 'series',
    encode: async (examples) =>
      examples.map(({ values }) => [{ length: values.length, values: Float32Array.from(values) }]),
    collate(features) {
      const longest = Math.max(...features.map(({ length }) => length));
      seen.push(features.map(({ length }) => length));
      const ids = features.flatMap(({ values }) => Array.from({ length: longest }, (_, t) => values[t] ?? 0));
      const tokens = { inputIds: ids, tokenTypeIds: ids.map(() => 0) };
      const batch = collateTokens([tokens], 0);
      const shape = [features.length, longest];
      return Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, { ...tensor, shape }]));
    },
    loss: (built) => {
      const logits = (built as BertForSequenceClassification).forward(modelInputs()).scores.logits as Tensor;
      return logits.mul(logits).mean();
    },
    decode: ({ logits }, row) => Number(logits?.data[2 * row]),
    combine: (_, [score = Number.NaN]) => score,
    metrics: (predictions) => ({ metrics: { loss: predictions[0] as number }, mainMetric: 'loss', report: '' }),
  };
  const tokens: number[] = [];
  const onEvent = (event: TrainingEvent) => event.type === 'step' && tokens.push(event.tokens);
  await new Trainer({ model, task, train, evaluation: train, epochs: 1, batchSize: 2, onEvent }).train();
  expect(tokens.reduce((a, b) => a + b)).toBe(13);
  expect(seen.slice(0, 2).map((lengths) => lengths.sort())).toContainEqual([2, 3]); // those of like length share a batch
  expect((await predictExamples(model, task, train)).every(Number.isFinite)).toBe(true);
  await model.dispose();
});

test.each<[ClassificationExample, string]>([
  [{ text: 'the film is great', label: 'loved' }, 'example 1: the label "loved" is not among the model\'s'],
  [{ text: 'the film is great', label: 'loved', line: 7 }, 'line 7: the label "loved" is not among'],
  [{ text: 'the film is great' }, 'example 1: no label, with which a prediction could be compared'],
])('what cannot be evaluated is refused before the first step: %j', async (odd, message) => {
  const train = toyRows(8);
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const task = classificationTask(model.config, { tokenizer, maxLength: 16 });
  const events: string[] = [];
  const evaluation = [...train.slice(0, 1), odd];
  const onEvent = ({ type }: { type: string }) => events.push(type);
  const trainer = new Trainer({ model, task, tokenizer, train, evaluation, onEvent, ...settings });
  await expect(trainer.train()).rejects.toThrow(message);
  expect(events).toEqual([]);
  await model.dispose();
});
