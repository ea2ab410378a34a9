import { describe, expect, test } from 'vitest';
import { toyFolder } from '../testing/toy.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { answerOutcomes } from './question-answering/outcomes.js';
import { QuestionAnswering } from './question-answering/question-answering.js';
import { classificationOutcomes } from './text-classification/outcomes.js';

describe('outcomes', () => {
  const scores = (...pairs: [string, number][]) => pairs.map(([label, score]) => ({ label, score }));
  const applying = (all: ReturnType<typeof scores>, threshold: number) =>
    all.map((each) => ({ ...each, applies: each.score > threshold }));

  test('of one label: right or not, how sure, and how little was left for the right one', () => {
    const examples = [
      { text: 'good', label: 'yes', line: 2 },
      { text: 'bad', textPair: 'worse', label: 'no', line: 3 },
    ];
    const predictions = [scores(['yes', 0.8], ['no', 0.2]), scores(['yes', 0.9], ['no', 0.1])];
    const [right, wrong] = classificationOutcomes(
      { problemType: 'single_label_classification' },
      predictions,
      examples,
    );
    expect(right).toEqual({
      id: '2',
      text: 'good',
      textPair: undefined,
      reference: 'yes',
      prediction: 'yes',
      confidence: 0.8,
      probabilities: { yes: 0.8, no: 0.2 },
      scores: { accuracy: 1 },
      isMistake: false,
      badness: -Math.log(0.8),
    });
    expect(wrong).toMatchObject({
      id: '3',
      textPair: 'worse',
      scores: { accuracy: 0 },
      isMistake: true,
      badness: -Math.log(0.1),
    });
  });

  test('of several labels: F1 of the sets, and the mean loss', () => {
    const examples = [{ text: 'x', label: ['a', 'b'], line: 1 }];
    const predictions = [applying(scores(['a', 0.9], ['c', 0.6], ['b', 0.2]), 0.5)];
    const [outcome] = classificationOutcomes({ problemType: 'multi_label_classification' }, predictions, examples);
    expect(outcome).toMatchObject({ reference: ['a', 'b'], prediction: ['a', 'c'], scores: { accuracy: 0, f1: 0.5 } });
    expect(outcome?.badness).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.2)) / 3, 12);
    const none = classificationOutcomes(
      { problemType: 'multi_label_classification' },
      [scores(['a', 0.1])],
      [{ text: 'x', label: [], line: 1 }],
    );
    expect(none[0]?.scores).toEqual({ accuracy: 1, f1: 1 });
  });

  test('of values: the error', () => {
    const examples = [{ text: 'x', label: 2.5, line: 1 }];
    const [outcome] = classificationOutcomes({ problemType: 'regression' }, [scores(['LABEL_0', 4])], examples);
    expect(outcome).toMatchObject({ reference: 2.5, prediction: 4, scores: { absolute_error: 1.5 }, badness: 1.5 });
  });

  test('of answers: the best of the references; where nothing is right, nothing is the answer', async () => {
    const task = new QuestionAnswering({ tokenizer: await AutoTokenizer.fromPretrained(toyFolder()) });
    const question = { question: 'Where?', context: 'In the old harbour.' };
    const examples = [
      {
        id: 'q1',
        ...question,
        answers: [
          { text: 'old harbour', start: 7 },
          { text: 'the old harbour', start: 3 },
        ],
      },
      { id: 'q2', ...question, answers: [] },
    ];
    const answer = (text: string) => ({ answer: text, score: 0.5, start: 0, end: 0, nBest: [] });
    const [partly, wrong] = answerOutcomes(task, [answer('harbour'), answer('harbour')], examples);
    expect(partly?.scores).toEqual({ exact_match: 0, f1: expect.closeTo(2 / 3, 12) });
    expect(wrong).toMatchObject({ reference: [''], scores: { exact_match: 0, f1: 0 }, badness: 1.5 });
    expect(answerOutcomes(task, [answer('')], examples.slice(1))[0]?.scores).toEqual({ exact_match: 1, f1: 1 });
  });
});
