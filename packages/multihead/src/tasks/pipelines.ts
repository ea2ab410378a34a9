/**
 * @file The types of pipelines and their options, by name. Tasks and pipelines add theirs where they are defined;
 *   programs can, too:
 *
 *     declare module 'multihead' {
 *       interface Pipelines {
 *         shouting: ShoutingPipeline;
 *       }
 *     }
 */
import type { PretrainedModel } from '../models/core/pretrained.js';

/** Methods that all pipelines have. */
export interface LoadedPipeline {
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

/** The types of pipelines, by names and aliases. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, where each pipeline is defined
export interface Pipelines {}

/** The specific options of pipelines, by pipeline name. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging, where each pipeline is defined
export interface PipelineSettings {}

/** Arguments of `TaskDefinition.pipeline`. */
export interface LoadedTask<Built> {
  readonly model: PretrainedModel;
  readonly task: Built;
  /** Features per batch. Default: 32. */
  readonly batchSize?: number | undefined;
}
