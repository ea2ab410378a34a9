/** @file From logits to answers beside Hugging Face's run_qa (bench/peers/question_answering_fixtures.py). */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';
import { AutoTokenizer } from '../../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { answerFiles } from './answer-files.js';
import { QuestionAnswering } from './question-answering.js';

interface Case {
  settings: {
    version_2_with_negative: boolean;
    n_best_size: number;
    max_answer_length: number;
    null_score_diff_threshold: number;
  };
  offsets: ([number, number] | null)[][];
  starts: number[][];
  ends: number[][];
  answer: string;
  nBest: { start_logit: number; end_logit: number; text: string; probability: number }[];
  nullOdds: number | null;
}

const file = new URL('../../../fixtures/question-answering/postprocessing.json', import.meta.url);
const { context, cases } = JSON.parse(readFileSync(file, 'utf8')) as { context: string; cases: Case[] };

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
});

function predict({ settings, offsets, starts, ends }: Case) {
  const task = new QuestionAnswering({
    tokenizer,
    versionTwo: settings.version_2_with_negative,
    nBest: settings.n_best_size,
    maxAnswerLength: settings.max_answer_length,
    nullScoreDiffThreshold: settings.null_score_diff_threshold,
  });
  const decoded = offsets.map((ofWindow, i) => {
    const logits = (values: number[]) => ({
      dtype: 'float32' as const,
      shape: [1, values.length],
      data: Float32Array.from(values),
    });
    const outputs = { start_logits: logits(starts[i] as number[]), end_logits: logits(ends[i] as number[]) };
    const feature = {
      length: 0,
      inputIds: [],
      tokenTypeIds: [],
      offsets: ofWindow.map((offset) => offset ?? undefined),
    };
    return task.decode(outputs, 0, feature);
  });
  const example = { id: 'q', question: 'q', context, answers: [] };
  const prediction = task.combine(example, decoded);
  return { prediction, files: answerFiles([prediction], [example]) };
}

describe("answers are run_qa's", () => {
  test.each(cases.map((reference, i) => ({ i, reference })))('case $i', ({ reference }) => {
    const { prediction, files } = predict(reference);
    // Where there is no answer at all, run_qa makes one up, the word "empty".
    const made = reference.nBest[0]?.text === 'empty';
    expect(prediction.answer).toBe(made && reference.answer === 'empty' ? '' : reference.answer);
    const nBest = made ? reference.nBest.slice(1) : reference.nBest;
    const expected = nBest.map((answer) => ({
      ...answer,
      probability: made ? 1 : expect.closeTo(answer.probability, 12),
    }));
    expect((files['eval_nbest_predictions.json'] as { q: unknown }).q).toEqual(expected);
    if (reference.nullOdds === null) expect(files).not.toHaveProperty(['eval_null_odds.json']);
    else expect((files['eval_null_odds.json'] as { q: unknown }).q).toBe(reference.nullOdds);
  });

  test('cases of all kinds are among them', () => {
    expect(cases.filter(({ nullOdds, answer }) => nullOdds !== null && answer === '').length).toBeGreaterThan(5);
    expect(cases.filter(({ nullOdds, answer }) => nullOdds !== null && answer !== '').length).toBeGreaterThan(5);
  });
});
