/** @file Examples as people write them down type-check wherever examples are taken; the compiler is the test. */
import { expect, expectTypeOf, test } from 'vitest';
import {
  type BertForQuestionAnswering,
  type BertForSequenceClassification,
  type ClassificationExample,
  evaluateExamples,
  predictExamples,
  type QuestionAnswering,
  type QuestionAnsweringExample,
  type readClassificationExamples,
  type readQuestionAnsweringExamples,
  splitExamples,
  type TextClassification,
  type Tokenizer,
  Trainer,
} from './index.js';
import { answerOutcomes, classificationOutcomes } from './report/index.js';

const texts = [
  { text: 'a fine film', label: 'liked' },
  { text: 'a dull film', label: 'disliked' },
];
const questions = [{ question: 'Where?', context: 'In Paris.', answers: [{ text: 'Paris', start: 3 }] }];

/** Compiled, and never called. */
export async function taken(
  model: BertForSequenceClassification & BertForQuestionAnswering,
  { classification, answering }: { classification: TextClassification; answering: QuestionAnswering },
  tokenizer: Tokenizer,
): Promise<void> {
  const text = new Trainer({ model, task: classification, tokenizer, train: texts, evaluation: texts });
  const question = new Trainer({ model, task: answering, tokenizer, train: questions, evaluation: questions });
  await text.evaluate(texts);
  await question.evaluate(questions);
  const [labels, answers] = [
    await predictExamples(model, classification, texts),
    await predictExamples(model, answering, questions),
  ];
  await evaluateExamples(model, classification, texts, { batchSize: 4 });
  await evaluateExamples(model, answering, questions, { batchSize: 4 });
  classification.metrics(labels, texts);
  answering.metrics(answers, questions);
  classificationOutcomes(classification, labels, texts);
  answerOutcomes(answering, answers, questions);
  splitExamples(texts, { share: 0.5, seed: 1, stratum: ({ label }) => label });
  splitExamples(questions, { share: 0.5, seed: 1, group: ({ context }) => context });
}

test('of texts and of questions', () => {
  expectTypeOf(texts).toExtend<ClassificationExample[]>();
  expectTypeOf(questions).toExtend<QuestionAnsweringExample[]>();
  expectTypeOf<Awaited<ReturnType<typeof readClassificationExamples>>>().toExtend<ClassificationExample[]>();
  expectTypeOf<Awaited<ReturnType<typeof readQuestionAnsweringExamples>>>().toExtend<QuestionAnsweringExample[]>();
  expect(texts.length + questions.length).toBe(3);
});
