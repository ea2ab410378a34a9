/** @file The options of all pipelines. */

import type { FromPretrainedOptions } from '../models/core/pretrained.js';
import type { ResolveOptions } from '../models/resolve-model.js';
import { namesOf } from '../platform/option-names.js';

/** Options of every pipeline. */
export interface PipelineOptions extends ResolveOptions {
  /** Features per batch. Default: 32. */
  readonly batchSize?: number | undefined;
  /** Maximum number of tokens of a text or window. Default: the task's. */
  readonly maxLength?: number | undefined;
  /** The device to compute on. Default: `cpu`. */
  readonly device?: FromPretrainedOptions['device'];
}

export const pipelineOptionNames = namesOf<PipelineOptions>({
  batchSize: true,
  maxLength: true,
  device: true,
  revision: true,
  token: true,
  cacheDir: true,
  localFilesOnly: true,
  parts: true,
  onNote: true,
  onDownload: true,
});
