/** @file The options of all pipelines. */

import type { BatchScheduler } from '../models/core/batch-work.js';
import type { FromPretrainedOptions } from '../models/core/pretrained.js';
import type { ResolveOptions } from '../models/resolve-model.js';
import { namesOf } from '../platform/option-names.js';
import type { ContinuousOptions } from './generation/continuous/continuous-generator.js';

/** Options of every pipeline. */
export interface PipelineOptions extends ResolveOptions {
  /** Features per batch. Default: 32. */
  readonly batchSize?: number | undefined;
  /** Maximum number of tokens of a text or window. Default: the task's. */
  readonly maxLength?: number | undefined;
  /** The device to compute on. Default: `cpu`. */
  readonly device?: FromPretrainedOptions['device'];
  /** The number format of the weights, such as `q8` for matrices of 8 bits. Default: `fp32`. */
  readonly dtype?: FromPretrainedOptions['dtype'];
  /**
   * Puts what calls compute at the same time into common batches, as a server does. Default: each call makes its own.
   *
   * @internal
   */
  readonly batchScheduler?: BatchScheduler | undefined;
  /**
   * Lets all texts that are generated at the same time grow in one batch. Default: each call has its own.
   *
   * @internal
   */
  readonly continuousBatching?: ContinuousOptions | undefined;
}

export const pipelineOptionNames = namesOf<PipelineOptions>({
  batchSize: true,
  maxLength: true,
  device: true,
  dtype: true,
  batchScheduler: true,
  continuousBatching: true,
  revision: true,
  token: true,
  cacheDir: true,
  localFilesOnly: true,
  parts: true,
  onNote: true,
  onDownload: true,
});
