/** @file Outcomes of question answering. */
import { withIds } from '../../data/examples/question-answering/question-ids.js';
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import type { Outcome } from '../outcome.js';
import type { AnswerPrediction, QuestionAnswering } from './question-answering.js';

/**
 * Returns the outcomes of a question answering evaluation. For a question without an answer, the empty answer is the
 * right one.
 *
 * @example
 * const answering = new QuestionAnswering({ tokenizer });
 * const questions = await readSquad('dev.json');
 * const outcomes = answerOutcomes(answering, await predictExamples(model, answering, questions), questions);
 */
export function answerOutcomes(
  task: Pick<QuestionAnswering, 'scoreAnswer'>,
  predictions: readonly AnswerPrediction[],
  examples: readonly QuestionAnsweringExample[],
): Outcome[] {
  return withIds(examples).map(({ id, question, context, answers }, i) => {
    const { answer, score } = predictions[i] as AnswerPrediction;
    const references = [...new Set(answers.map(({ text }) => text))];
    const scores = task.scoreAnswer(answer, references);
    const reference = references.length > 0 ? references : [''];
    return {
      id,
      text: question,
      textPair: context,
      reference,
      prediction: answer,
      confidence: score,
      scores,
      isMistake: scores.exact_match !== 1,
      badness: (1 - scores.f1) * (1 + score),
    };
  });
}
