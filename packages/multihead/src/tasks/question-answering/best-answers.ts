/**
 * @file Answers in the format of the command line: offsets are in code points, as in SQuAD's `answer_start` and in
 *   Python.
 */
import { codePointIndex } from '../../platform/code-points.js';
import type { AnswerPrediction, ScoredAnswer } from './question-answering.js';

/** An answer with its place in the context. */
export type WrittenAnswer = Pick<ScoredAnswer, 'answer' | 'score' | 'start' | 'end'>;

/** The best answers of a question, one at least. In Python, `context[start:end]` is the answer. */
export function bestAnswers({ nBest, ...best }: AnswerPrediction, context: string, topK: number): WrittenAnswer[] {
  const answers = topK === 1 ? [best] : nBest.slice(0, topK);
  return answers.map(({ answer, score, start, end }) => ({
    answer,
    score,
    start: codePointIndex(context, start),
    end: codePointIndex(context, end),
  }));
}
