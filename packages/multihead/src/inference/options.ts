/** @file How pipelines are set up. */
import type { ResolveOptions } from '../models/resolve-model.js';
import type { TaskLimits } from './load.js';

/** How a pipeline is set up. */
export interface PipelineOptions extends TaskLimits, ResolveOptions {
  /** Features a batch. Default: 32. */
  readonly batchSize?: number;
}
