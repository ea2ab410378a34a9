/** @file How pipelines are set up. */

import type { FromPretrainedOptions } from '../models/core/pretrained.js';
import type { ResolveOptions } from '../models/resolve-model.js';
import { namesOf } from '../platform/option-names.js';

/** How a pipeline is set up, besides options that it alone has. */
export interface PipelineOptions extends ResolveOptions {
  /** Features a batch. Default: 32. */
  readonly batchSize?: number | undefined;
  /** Tokens of a text, or window of a text. Default: the task's own. */
  readonly maxLength?: number | undefined;
  /** Where the model computes. Default: `cpu`. */
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
