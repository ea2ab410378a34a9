/** @file Prediction files in the format of Hugging Face's run_qa: predictions, the n best answers, and null odds. */
import { withIds } from '../../data/examples/question-answering/question-ids.js';
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import type { AnswerPrediction } from './question-answering.js';

/**
 * Returns the contents of the files by name. `eval_null_odds.json` is included only if questions may have no answer.
 */
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
        start_logit: startLogit,
        end_logit: endLogit,
        text: answer,
        probability: score,
      })),
    ),
    ...(hasNullScores && { 'eval_null_odds.json': byId(({ nullScoreDifference }) => nullScoreDifference) }),
  };
}
