/** @file How pipelines are set up. */
import type { ResolveOptions } from '../models/resolve-model.js';
import { namesOf } from '../option-names.js';
import type { TaskLimits } from './load.js';

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
