/** @file How pipelines are set up. */

import type { FromPretrainedOptions } from '../models/core/pretrained.js';
import type { ResolveOptions } from '../models/resolve-model.js';
import { namesOf } from '../platform/option-names.js';
import type { QuestionAnsweringOptions } from '../tasks/question-answering/question-answering.js';

/** Limits that a task runs with, with defaults of the task's own, and where its model computes. */
export interface TaskLimits extends Omit<QuestionAnsweringOptions, 'tokenizer'> {
  /** Where the model computes. Default: `cpu`. */
  readonly device?: FromPretrainedOptions['device'];
}

/** How a pipeline is set up. */
export interface PipelineOptions extends TaskLimits, ResolveOptions {
  /** Features a batch. Default: 32. */
  readonly batchSize?: number;
}

export const pipelineOptionNames = namesOf<PipelineOptions>({
  batchSize: true,
  maxLength: true,
  stride: true,
  nBest: true,
  maxAnswerLength: true,
  versionTwo: true,
  nullScoreDiffThreshold: true,
  language: true,
  device: true,
  revision: true,
  token: true,
  cacheDir: true,
  localFilesOnly: true,
  parts: true,
  onNote: true,
  onDownload: true,
});
