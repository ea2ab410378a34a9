/** @file How pipelines are set up. */
import type { TaskLimits } from './load.js';

/** How a pipeline is set up. */
export interface PipelineOptions extends TaskLimits {
  /** Features a batch. Default: 32. */
  readonly batchSize?: number;
}
