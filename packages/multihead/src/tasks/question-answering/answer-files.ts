/** @file Answers as Hugging Face's run_qa writes them: predictions, the n best of each question, and how much speaks for none. */
import { withIds } from '../../data/examples/question-answering/question-ids.js';
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import type { AnswerPrediction } from './question-answering.js';

/** The files' contents by their names. `eval_null_odds.json` only where questions may have no answer. */
export function answerFiles(
  predictions: readonly AnswerPrediction[],
  examples: readonly QuestionAnsweringExample[],
): Record<string, object> {
  const named = withIds(examples);
  const byId = (of: (prediction: AnswerPrediction) => unknown) =>
    Object.fromEntries(named.map(({ id }, i) => [id, of(predictions[i] as AnswerPrediction)]));
  const hasNullScores = predictions.some(({ nullScoreDifference }) => nullScoreDifference !== undefined);
  return {
    'eval_predictions.json': byId(({ answer }) => answer),
    'eval_nbest_predictions.json': byId(({ nBest }) =>
      nBest.map(({ startLogit, endLogit, answer, score }) => ({
        ...{ start_logit: startLogit, end_logit: endLogit, text: answer, probability: score },
      })),
    ),
    ...(hasNullScores && { 'eval_null_odds.json': byId(({ nullScoreDifference }) => nullScoreDifference) }),
  };
}
