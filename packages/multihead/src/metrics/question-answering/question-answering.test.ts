/** @file SQuAD v2's and CMRC 2018's evaluations beside the official scripts (bench/peers/question_answering_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cmrcExactMatch, cmrcF1, evaluateCmrc } from './cmrc.js';
import { bestThresholds, evaluateSquadV2 } from './squad-v2.js';
import { treebankTokens } from './treebank-tokens.js';

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/question-answering/${name}.json`, import.meta.url), 'utf8')) as T;

interface Run {
  questions: { id: string; answers: { text: string }[] }[];
  predictions: Record<string, string>;
  odds: Record<string, number>;
  scores: Record<string, number>;
  best: Record<string, number>;
}

describe('SQuAD v2', () => {
  const { runs } = fixture<{ runs: Run[] }>('squad-v2');

  test('has 1,000 questions', () => {
    expect(runs.flatMap(({ questions }) => questions)).toHaveLength(1000);
  });

  test.each(runs.map((run, i) => ({ i, run })))('run $i is scored as the official script scores it', ({ run }) => {
    const predictions = Object.fromEntries(
      Object.entries(run.predictions).map(([id, answer]) => [id, { answer, noAnswerScore: run.odds[id] as number }]),
    );
    const close = (scores: Record<string, number>) =>
      Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, expect.closeTo(value, 10)]));
    expect(evaluateSquadV2(predictions, run.questions)).toEqual(close(run.scores));
    expect(bestThresholds(predictions, run.questions)).toEqual(close(run.best));
  });

  test('a question without a prediction is refused', () => {
    expect(() => evaluateSquadV2({}, [{ id: 'q', answers: [] }])).toThrow('the question "q" has no prediction');
    expect(() => evaluateSquadV2({}, [])).toThrow('nothing to measure');
  });
});

describe('CMRC 2018', () => {
  const { cases } = fixture<{ cases: { answers: string[]; prediction: string; f1: number; em: number }[] }>('cmrc');

  test('1,000 answers are scored as the official script scores them', () => {
    expect(cases).toHaveLength(1000);
    for (const { answers, prediction, f1, em } of cases) {
      const where = JSON.stringify({ answers, prediction });
      expect(Number(answers.some((answer) => cmrcExactMatch(prediction, answer))), where).toBe(em);
      expect(Math.max(...answers.map((answer) => cmrcF1(prediction, answer))), where).toBeCloseTo(f1, 12);
    }
  });

  test('the whole is the mean over the questions, those without a prediction counted', () => {
    const examples = cases.map(({ answers }, i) => ({ id: `${i}`, answers: answers.map((text) => ({ text })) }));
    const predictions = Object.fromEntries(cases.map(({ prediction }, i) => [`${i}`, prediction]));
    const mean = (of: 'f1' | 'em') => cases.reduce((sum, each) => sum + each[of], 0) / 10;
    expect(evaluateCmrc(predictions, examples)).toEqual({
      exactMatch: expect.closeTo(mean('em'), 9),
      f1: expect.closeTo(mean('f1'), 9),
      total: 1000,
      average: expect.closeTo((mean('em') + mean('f1')) / 2, 9),
    });
    expect(evaluateCmrc({}, examples)).toMatchObject({ exactMatch: 0, f1: 0 });
    expect(() => evaluateCmrc({}, [])).toThrow('nothing to measure');
  });
});

describe('words of the Penn Treebank', () => {
  // NLTK 3.9: word_tokenize(text, preserve_line=True)
  test.each([
    ["it can't be 1,200 km.", ['it', 'ca', "n't", 'be', '1,200', 'km', '.']],
    ['"hello," she said (twice)', ['``', 'hello', ',', "''", 'she', 'said', '(', 'twice', ')']],
    ["they'll say it's john's", ['they', "'ll", 'say', 'it', "'s", 'john', "'s"]],
    ['a.m. and u.s. at $3.88; 50%?', ['a.m.', 'and', 'u.s.', 'at', '$', '3.88', ';', '50', '%', '?']],
    ['wait... what--no!', ['wait', '...', 'what', '--', 'no', '!']],
    ['', []],
  ])('%j', (text, tokens) => {
    expect(treebankTokens(text)).toEqual(tokens);
  });
});
