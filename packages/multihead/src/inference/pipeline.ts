/** @file Pipelines: a model folder, ready to answer. */
import type { ClassificationExample } from '../data/classification.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import { UserError } from '../errors.js';
import { checkWhole } from '../tasks/limits.js';
import { predictExamples } from '../tasks/predict.js';
import type { AnswerPrediction } from '../tasks/question-answering.js';
import type { LabelScore } from '../tasks/text-classification.js';
import { loadTextGeneration } from './generation/load.js';
import type { TextGenerationPipeline } from './generation/text-generation.js';
import { loadForTask, type TaskLimits } from './load.js';

/** How a pipeline is set up. */
export interface PipelineOptions extends TaskLimits {
  /** Features a batch. */
  readonly batchSize?: number;
}

/** What a text is classified as: the labels with the highest scores, the highest first. */
export interface TextClassificationPipeline {
  (text: string, options?: { topK?: number }): Promise<LabelScore[]>;
  (texts: readonly string[], options?: { topK?: number }): Promise<LabelScore[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

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

interface Pipelines {
  'text-classification': TextClassificationPipeline;
  'question-answering': QuestionAnsweringPipeline;
  'text-generation': TextGenerationPipeline;
}

/** What pipelines there are. */
export type PipelineName = keyof Pipelines;

const builders: {
  readonly [Name in PipelineName]: (folder: string, options: PipelineOptions) => Promise<Pipelines[Name]>;
} = {
  'text-classification': textClassification,
  'question-answering': questionAnswering,
  'text-generation': loadTextGeneration,
};

/**
 * Loads a model folder for a task.
 *
 * @param task   `text-classification`, `question-answering` or `text-generation`
 * @param folder a folder in Hugging Face's layout, such as one that training made
 * @throws UserError for an unknown task, and for a folder that lacks a file or has a head of another task
 * @example
 * const answer = await pipeline('question-answering', 'runs/qa');
 * await answer({ question: 'Where is the shop?', context: 'Our shop is in Harbour Street.' });
 * // { answer: 'Harbour Street', score: 0.93, start: 15, end: 29, ... }
 */
export async function pipeline<Name extends PipelineName>(
  task: Name,
  folder: string,
  options: PipelineOptions = {},
): Promise<Pipelines[Name]> {
  if (!Object.hasOwn(builders, task)) {
    throw new UserError(`pipeline: there is no task "${task}"; there are: ${Object.keys(builders).join(', ')}`);
  }
  return builders[task](folder, options);
}

async function textClassification(folder: string, options: PipelineOptions): Promise<TextClassificationPipeline> {
  const { model, task } = await loadForTask('text-classification', folder, options);
  async function classify(texts: string | readonly string[], { topK = 1 } = {}): Promise<unknown> {
    checkWhole({ topK });
    const examples = [texts].flat().map((text, i): ClassificationExample => ({ text, line: i + 1 }));
    const predictions = await predictExamples(model, task, examples, options);
    const top = predictions.map((scores) => scores.slice(0, topK));
    return typeof texts === 'string' ? top[0] : top;
  }
  return Object.assign(classify, { dispose: () => model.dispose() }) as TextClassificationPipeline;
}

async function questionAnswering(folder: string, options: PipelineOptions): Promise<QuestionAnsweringPipeline> {
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
