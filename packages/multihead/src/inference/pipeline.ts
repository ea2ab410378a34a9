/** @file Loads pipelines. */

import { resolveModel } from '../models/resolve-model.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames } from '../platform/option-names.js';
import type { OptionValues } from '../tasks/define-task.js';
import type { PipelineSettings, Pipelines } from '../tasks/pipelines.js';
import { type PipelineOptions, pipelineOptionNames } from './pipeline-options.js';
import { pipelineNamed } from './registry.js';

/** The name of a pipeline, as on the Hugging Face hub, or an alias. */
export type PipelineName = keyof Pipelines;

/** The options of a pipeline. */
export type OptionsOf<Name extends PipelineName> = PipelineOptions &
  (Name extends keyof PipelineSettings ? Partial<PipelineSettings[Name]> : unknown);

/**
 * Loads a model folder for a task.
 *
 * @param task   `text-classification` (or `sentiment-analysis`), `token-classification` (or `ner`), `question-answering`,
 *   `fill-mask`, `feature-extraction`, `text-generation`, or a task of your own that has a pipeline
 * @param idOrFolder a folder in Hugging Face's layout, such as one that training made, or a model of the hub by its id.
 *   There is no default model
 * @throws UserError for an unknown task or option, without a model, and for a folder that lacks a file or has a head of
 *   another task
 * @example
 * const answer = await pipeline('question-answering', 'runs/qa');
 * await answer({ question: 'Where is the shop?', context: 'Our shop is in Harbour Street.' });
 * // { answer: 'Harbour Street', score: 0.93, start: 15, end: 29, ... }
 */
export async function pipeline<Name extends PipelineName>(
  task: Name,
  idOrFolder: string,
  options: OptionsOf<Name> = {} as OptionsOf<Name>,
): Promise<Pipelines[Name]> {
  const definition = pipelineNamed(task);
  if (typeof idOrFolder !== 'string' || idOrFolder === '') {
    throw new UserError(
      `pipeline: ${task} needs a model, and none was given. Name a folder or a model of the hub: ` +
        `pipeline('${task}', 'runs/my-model')`,
    );
  }
  checkOptionNames(options, [...pipelineOptionNames, ...(definition.options ?? [])], `pipeline('${task}')`);
  const folder = await resolveModel(idOrFolder, options);
  return (await definition.load(folder, options as OptionsOf<Name> & OptionValues)) as Pipelines[Name];
}
