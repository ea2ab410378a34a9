/** @file Questions of files answered: `{"id": ..., "question": ..., "answer": ..., "score": ..., "start": ..., "end": ...}`, in code points. */
import { openQuestions } from '../data/open-questions.js';
import type { NamedQuestion } from '../data/question-ids.js';
import { loadForTask } from '../inference/load.js';
import { predictExamples } from '../tasks/predict.js';
import type { AnswerPrediction } from '../tasks/question-answering/question-answering.js';
import type { BadRows } from './bad-rows.js';
import { bestAnswers } from './best-answers.js';
import { questionOptions } from './data-options.js';
import { given, questionAnsweringOptions } from './options.js';
import type { FilePrediction, PredictFileArguments } from './predict-file.js';

/** Opens the questions. */
export async function predictQuestions(
  options: PredictFileArguments,
  badRows: BadRows,
): Promise<FilePrediction<NamedQuestion>> {
  const { topK = 1 } = options;
  const limits = { ...given(options, 'maxLength'), ...questionAnsweringOptions(options) };
  return {
    unit: 'questions',
    examples: await openQuestions(options.data, {
      ...questionOptions(options, 'test', badRows),
      requireAnswers: false,
    }),
    settings: { topK, ...limits },
    async load() {
      const { model, task } = await loadForTask('question-answering', options.model, limits);
      return {
        async predict(examples, onProgress) {
          // Answers that a file of questions happens to have are of no matter here.
          const asked = examples.map(({ id, question, context }) => ({ id, question, context, answers: [] }));
          const predictions = await predictExamples(model, task, asked, { onProgress });
          return asked.map(({ id, question, context }, i) => {
            const best = bestAnswers(predictions[i] as AnswerPrediction, context, topK);
            return { id, question, ...(topK === 1 ? best[0] : { answers: best }) };
          });
        },
        dispose: () => model.dispose(),
      };
    },
  };
}
