/**
 * @file What `pipeline(name, folder)` gives and takes, by name. A task or a pipeline adds its own where it is defined; so does a
 * program of your own:
 *
 *     declare module 'multihead' {
 *       interface Pipelines {
 *         shouting: ShoutingPipeline;
 *       }
 *     }
 */
import type { PretrainedModel } from '../models/core/pretrained.js';

/** What every pipeline can do besides being called. */
export interface LoadedPipeline {
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

/** The pipelines, by their names and other names. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, where each pipeline is defined
export interface Pipelines {}

/** The options that some pipelines have besides those of all, by the pipelines' names. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, where each pipeline is defined
export interface PipelineSettings {}

/** What a task makes its pipeline of. */
export interface LoadedTask<Built> {
  readonly model: PretrainedModel;
  readonly task: Built;
  /** Features a batch. Default: 32. */
  readonly batchSize?: number | undefined;
}
