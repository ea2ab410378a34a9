/** @file Examples as people write them down type-check wherever examples are taken; the compiler is the test. */
import { expect, expectTypeOf, test } from 'vitest';
import {
  type BertForQuestionAnswering,
  type BertForSequenceClassification,
  type BertForTokenClassification,
  type ClassificationExample,
  evaluateExamples,
  predictExamples,
  type QuestionAnswering,
  type QuestionAnsweringExample,
  type readClassificationExamples,
  type readQuestionAnsweringExamples,
  type readTokenClassificationExamples,
  splitExamples,
  type TextClassification,
  type TokenClassification,
  type TokenClassificationExample,
  type Tokenizer,
  Trainer,
} from './index.js';
import { answerOutcomes, classificationOutcomes } from './report/index.js';

const texts = [
  { text: 'a fine film', label: 'liked' },
  { text: 'a dull film', label: 'disliked' },
];
const questions = [{ question: 'Where?', context: 'In Paris.', answers: [{ text: 'Paris', start: 3 }] }];
const sentences = [{ tokens: ['In', 'Paris'], tags: ['O', 'B-LOC'] }];

/** Compiled, and never called. */
export async function taken(
  model: BertForSequenceClassification & BertForQuestionAnswering & BertForTokenClassification,
  {
    classification,
    answering,
    tagging,
  }: { classification: TextClassification; answering: QuestionAnswering; tagging: TokenClassification },
  tokenizer: Tokenizer,
): Promise<void> {
  const text = new Trainer({ model, task: classification, tokenizer, train: texts, evaluation: texts });
  const question = new Trainer({ model, task: answering, tokenizer, train: questions, evaluation: questions });
  const words = new Trainer({ model, task: tagging, tokenizer, train: sentences, evaluation: sentences });
  await text.evaluate(texts);
  await words.evaluate(sentences);
  tagging.metrics(await predictExamples(model, tagging, sentences), sentences);
  await evaluateExamples(model, tagging, sentences, { batchSize: 4 });
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

test('of texts, of questions and of sentences', () => {
  expectTypeOf(texts).toExtend<ClassificationExample[]>();
  expectTypeOf(questions).toExtend<QuestionAnsweringExample[]>();
  expectTypeOf(sentences).toExtend<TokenClassificationExample[]>();
  expectTypeOf<Awaited<ReturnType<typeof readTokenClassificationExamples>>>().toExtend<
    readonly TokenClassificationExample[]
  >();
  expectTypeOf<Awaited<ReturnType<typeof readClassificationExamples>>>().toExtend<ClassificationExample[]>();
  expectTypeOf<Awaited<ReturnType<typeof readQuestionAnsweringExamples>>>().toExtend<QuestionAnsweringExample[]>();
  expect(texts.length + questions.length).toBe(3);
});
