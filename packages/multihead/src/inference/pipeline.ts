/** @file Pipelines: a model folder, ready to answer. */
import { UserError } from '../errors.js';
import { resolveModel } from '../models/resolve-model.js';
import { type FeatureExtractionPipeline, featureExtraction } from './feature-extraction.js';
import { type FillMaskPipeline, fillMask } from './fill-mask.js';
import { loadTextGeneration } from './generation/load.js';
import type { TextGenerationPipeline } from './generation/text-generation.js';
import type { PipelineOptions } from './options.js';
import { type QuestionAnsweringPipeline, questionAnswering } from './question-answering.js';
import { type TextClassificationPipeline, textClassification } from './text-classification.js';

/** What each name makes. */
export interface Pipelines {
  'text-classification': TextClassificationPipeline;
  'question-answering': QuestionAnsweringPipeline;
  'fill-mask': FillMaskPipeline;
  'feature-extraction': FeatureExtractionPipeline;
  'text-generation': TextGenerationPipeline;
}

/** The names of pipelines, as the Hugging Face hub has them. */
export type PipelineName = keyof Pipelines;

const builders: {
  readonly [Name in PipelineName]: (folder: string, options: PipelineOptions) => Promise<Pipelines[Name]>;
} = {
  'text-classification': textClassification,
  'question-answering': questionAnswering,
  'fill-mask': fillMask,
  'feature-extraction': featureExtraction,
  'text-generation': loadTextGeneration,
};

/**
 * Loads a model folder for a task.
 *
 * @param task   `text-classification`, `question-answering`, `fill-mask`, `feature-extraction` or
 *   `text-generation`
 * @param idOrFolder a folder in Hugging Face's layout, such as one that training made, or a model of the hub by its id
 * @throws UserError for an unknown task, and for a folder that lacks a file or has a head of another task
 * @example
 * const answer = await pipeline('question-answering', 'runs/qa');
 * await answer({ question: 'Where is the shop?', context: 'Our shop is in Harbour Street.' });
 * // { answer: 'Harbour Street', score: 0.93, start: 15, end: 29, ... }
 */
export async function pipeline<Name extends PipelineName>(
  task: Name,
  idOrFolder: string,
  options: PipelineOptions = {},
): Promise<Pipelines[Name]> {
  if (!Object.hasOwn(builders, task)) {
    throw new UserError(`pipeline: there is no task "${task}"; there are: ${Object.keys(builders).join(', ')}`);
  }
  return builders[task](await resolveModel(idOrFolder, options), options);
}
