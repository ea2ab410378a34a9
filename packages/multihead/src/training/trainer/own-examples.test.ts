/** @file Examples that come from no file: written down in code, without lines and ids. */
import { expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  QuestionAnswering,
  type QuestionAnsweringExample,
  Trainer,
} from '../../index.js';
import { predictExamples } from '../../tasks/predict.js';
import { answerFiles } from '../../tasks/question-answering/answer-files.js';
import { answerOutcomes } from '../../tasks/question-answering/outcomes.js';
import { classificationOutcomes } from '../../tasks/text-classification/outcomes.js';
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
    ...{ question: 'was the film', context: 'the film was great', answers: [{ text: 'great', start: 13 }] },
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
