/** @file The contract of a pipeline that is served: what the server makes a route of. */
import type { z } from 'zod';
import type { HeadName } from '../models/family.js';
import type { LoadedPipeline } from './pipelines.js';

/**
 * How a pipeline answers requests over HTTP. The server makes its route, checks and documentation of this, and the same
 * answers come of the pipeline in a program.
 */
export interface PipelineService<
  Loaded = LoadedPipeline,
  Input extends z.ZodType = z.ZodType,
  Parameters extends z.ZodObject = z.ZodObject,
> {
  /** One line for the documentation of the route. */
  readonly summary: string;
  /** The heads whose models it can answer with; `Model` for models without one. Default: the task's head. */
  readonly heads?: readonly (HeadName | 'Model')[];
  /** Whether it answers with a model of one of these heads, by what is known before its weights are loaded. Default: with all. */
  serves?(model: { readonly labels?: readonly string[] | undefined }): boolean;
  /** Computes the relevance to a query from the answers, for reranking. Without it, the task cannot rerank. */
  readonly relevance?: {
    readonly method: 'cross-encoder' | 'embeddings';
    /** The inputs of a call that ranks documents. */
    inputs(query: string, documents: readonly string[]): z.input<Input>[];
    /** The score of each document, of the answers to these inputs. */
    scores(outputs: readonly unknown[]): number[];
  };
  /** Schema of one input. */
  readonly input: Input;
  /** Schema of the options of a call. */
  readonly parameters: Parameters;
  /** Schema of the answer to one input. */
  readonly output: z.ZodType;
  /** An input for the documentation. */
  readonly example: z.input<Input>;
  /** The texts of an input: their tokens and characters are limited and counted. */
  texts(input: z.output<Input>): readonly string[];
  /** Answers inputs, in their order, with values that JSON can hold. */
  answer(
    pipeline: Loaded,
    inputs: readonly z.output<Input>[],
    parameters: z.output<Parameters>,
    call: { readonly signal: AbortSignal },
  ): Promise<readonly unknown[]>;
}

/**
 * Defines how a pipeline answers requests, with inferred types.
 *
 * @example
 * import { z } from 'zod';
 * defineService({
 *   summary: 'The language of texts',
 *   input: z.string(),
 *   parameters: z.object({}),
 *   output: z.array(z.object({ label: z.string(), score: z.number() })),
 *   example: 'Where is my parcel?',
 *   texts: (text) => [text],
 *   answer: (detect: TextClassificationPipeline, texts) => detect(texts),
 * });
 */
export const defineService = <Loaded, Input extends z.ZodType, Parameters extends z.ZodObject>(
  service: PipelineService<Loaded, Input, Parameters>,
): PipelineService<Loaded, Input, Parameters> => service;
