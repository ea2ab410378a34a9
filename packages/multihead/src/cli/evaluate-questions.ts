/** @file Models that answer questions, evaluated on the questions of files. */
import { openQuestions } from '../data/open-questions.js';
import type { NamedQuestion } from '../data/question-ids.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import { loadForTask } from '../inference/load.js';
import { answerOutcomes } from '../tasks/outcome.js';
import { answerFiles } from '../tasks/question-answering/answer-files.js';
import type {
  AnswerPrediction,
  QuestionAnswering,
  WindowAnswers,
  WindowFeature,
} from '../tasks/question-answering/question-answering.js';
import type { BadRows } from './bad-rows.js';
import { questionOptions } from './data-options.js';
import type { Evaluatable, EvaluateArguments } from './evaluate.js';
import type { TaskReport } from './evaluate-windows.js';
import { given, questionAnsweringOptions } from './options.js';

/** What is reported of questions and their answers. */
export const questionsReport = (task: QuestionAnswering): TaskReport<QuestionAnsweringExample, AnswerPrediction> => ({
  unit: 'questions',
  outcomes: (predictions, questions) => answerOutcomes(task, predictions, questions),
  files: answerFiles,
});

/** Opens the questions. */
export async function evaluateQuestions(
  options: EvaluateArguments,
  badRows: BadRows,
): Promise<Evaluatable<NamedQuestion, WindowFeature, WindowAnswers, AnswerPrediction>> {
  const examples = await openQuestions(options.data, questionOptions(options, 'test', badRows));
  return {
    examples,
    async load() {
      const limits = { ...given(options, 'maxLength'), ...questionAnsweringOptions(options, examples.hasImpossible) };
      const { model, task } = await loadForTask('question-answering', options.model, limits);
      return { model, task, report: questionsReport(task) };
    },
  };
}
