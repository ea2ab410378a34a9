/** @file Pipelines: a model folder, ready to answer. */

import { resolveModel } from '../models/resolve-model.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, likelyName } from '../platform/option-names.js';
import { type QuestionAnsweringPipeline, questionAnswering } from '../tasks/question-answering/pipeline.js';
import { type TextClassificationPipeline, textClassification } from '../tasks/text-classification/pipeline.js';
import { type TokenClassificationPipeline, tokenClassification } from '../tasks/token-classification/pipeline.js';
import { loadTextGeneration } from './generation/load.js';
import type { TextGenerationPipeline } from './generation/text-generation.js';
import { type PipelineOptions, pipelineOptionNames } from './pipeline-options.js';
import { type FeatureExtractionPipeline, featureExtraction } from './pipelines/feature-extraction.js';
import { type FillMaskPipeline, fillMask } from './pipelines/fill-mask.js';

/** What each name makes. */
export interface Pipelines {
  'text-classification': TextClassificationPipeline;
  'question-answering': QuestionAnsweringPipeline;
  'token-classification': TokenClassificationPipeline;
  'fill-mask': FillMaskPipeline;
  'feature-extraction': FeatureExtractionPipeline;
  'text-generation': TextGenerationPipeline;
}

/** Other names that Hugging Face has for them. */
export interface PipelineAliases {
  'sentiment-analysis': 'text-classification';
  ner: 'token-classification';
}

const aliases: Readonly<Record<keyof PipelineAliases, PipelineName>> = {
  'sentiment-analysis': 'text-classification',
  ner: 'token-classification',
};

/** The pipeline that a name, or another name for it, stands for. */
export type PipelineOf<Name extends PipelineName | keyof PipelineAliases> = Name extends keyof PipelineAliases
  ? Pipelines[PipelineAliases[Name]]
  : Name extends PipelineName
    ? Pipelines[Name]
    : never;

/** The names of pipelines, as the Hugging Face hub has them. */
export type PipelineName = keyof Pipelines;

const builders: {
  readonly [Name in PipelineName]: (folder: string, options: PipelineOptions) => Promise<Pipelines[Name]>;
} = {
  'text-classification': textClassification,
  'question-answering': questionAnswering,
  'token-classification': tokenClassification,
  'fill-mask': fillMask,
  'feature-extraction': featureExtraction,
  'text-generation': loadTextGeneration,
};

/**
 * Loads a model folder for a task.
 *
 * @param task   `text-classification` (or `sentiment-analysis`), `token-classification` (or `ner`), `question-answering`,
 *   `fill-mask`, `feature-extraction` or `text-generation`
 * @param idOrFolder a folder in Hugging Face's layout, such as one that training made, or a model of the hub by its id.
 *   There is no default model
 * @throws UserError for an unknown task or option, without a model, and for a folder that lacks a file or has a head of
 *   another task
 * @example
 * const answer = await pipeline('question-answering', 'runs/qa');
 * await answer({ question: 'Where is the shop?', context: 'Our shop is in Harbour Street.' });
 * // { answer: 'Harbour Street', score: 0.93, start: 15, end: 29, ... }
 */
export async function pipeline<Name extends PipelineName | keyof PipelineAliases>(
  task: Name,
  idOrFolder: string,
  options: PipelineOptions = {},
): Promise<PipelineOf<Name>> {
  const name = Object.hasOwn(aliases, task) ? aliases[task as keyof PipelineAliases] : (task as PipelineName);
  if (!Object.hasOwn(builders, name)) {
    const names = [...Object.keys(builders), ...Object.keys(aliases)];
    const likely = likelyName(String(task), names);
    throw new UserError(
      `pipeline: there is no task "${task}"; there are: ${names.join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
    );
  }
  if (typeof idOrFolder !== 'string' || idOrFolder === '') {
    throw new UserError(
      `pipeline: ${task} needs a model, and none was given. Name a folder or a model of the hub: ` +
        `pipeline('${task}', 'runs/my-model')`,
    );
  }
  checkOptionNames(options, pipelineOptionNames, `pipeline('${task}')`);
  return builders[name](await resolveModel(idOrFolder, options), options) as Promise<PipelineOf<Name>>;
}
