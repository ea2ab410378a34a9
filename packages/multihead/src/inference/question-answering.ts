/** @file Question answering as a pipeline: a question and a text in, the answer and its place out. */
import type { QuestionAnsweringExample } from '../data/squad.js';
import { predictExamples } from '../tasks/predict.js';
import type { AnswerPrediction } from '../tasks/question-answering.js';
import { loadForTask } from './load.js';
import type { PipelineOptions } from './options.js';

/** A question and the text to find its answer in. */
export interface QuestionInput {
  readonly question: string;
  readonly context: string;
}

/** Answers questions: `context.slice(start, end)` is the answer. */
export interface QuestionAnsweringPipeline {
  (input: QuestionInput): Promise<AnswerPrediction>;
  (inputs: readonly QuestionInput[]): Promise<AnswerPrediction[]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

/** Loads a model that answers questions. */
export async function questionAnswering(folder: string, options: PipelineOptions): Promise<QuestionAnsweringPipeline> {
  const { model, task } = await loadForTask('question-answering', folder, options);
  async function answer(inputs: QuestionInput | readonly QuestionInput[]): Promise<unknown> {
    const examples = [inputs]
      .flat()
      .map((given, i): QuestionAnsweringExample => ({ id: `${i}`, answers: [], ...given }));
    const predictions = await predictExamples(model, task, examples, options);
    return Array.isArray(inputs) ? predictions : predictions[0];
  }
  return Object.assign(answer, { dispose: () => model.dispose() }) as QuestionAnsweringPipeline;
}
