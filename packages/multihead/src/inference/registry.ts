/** @file The pipelines that there are: those of tasks, and those of rows of their own. A new one of these is a file and a row here. */
import { UserError } from '../platform/errors.js';
import { likelyName } from '../platform/option-names.js';
import { schemaNames } from '../platform/option-schemas.js';
import type { OptionValues, TaskDefinition } from '../tasks/define-task.js';
import type { PipelineService } from '../tasks/pipeline-service.js';
import type { LoadedPipeline } from '../tasks/pipelines.js';
import { tasks } from '../tasks/registry.js';
import { textGeneration } from './generation/load.js';
import { loadForTask } from './load-task.js';
import type { PipelineOptions } from './pipeline-options.js';
import { featureExtraction } from './pipelines/feature-extraction.js';
import { fillMask } from './pipelines/fill-mask.js';

/** What `multihead predict NAME` needs of a pipeline. */
export interface PipelineCommands<Loaded> {
  /** What the texts behind `predict NAME` are, for the help. */
  readonly texts: string;
  /** What `--top-k` counts, and its default, for the help. */
  readonly topK: string;
  /** The default of `--max-length`, for the help. */
  readonly maxLength: string;
  /** What the pipeline says of each text: as JSON, and as people read it. */
  answer(
    pipeline: Loaded,
    texts: readonly string[],
    options: { readonly topK: number | undefined },
  ): Promise<readonly { readonly json: object; readonly text: string }[]>;
}

/** A pipeline that belongs to no task: a row of the registry. */
export interface PipelineDefinition<Loaded extends LoadedPipeline = LoadedPipeline> {
  /** The name that the Hugging Face hub has for it. */
  readonly name: string;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** Names of options that it has besides those of all pipelines. */
  readonly options?: readonly string[];
  /** Loads a model's folder. */
  load(folder: string, options: PipelineOptions & OptionValues): Promise<Loaded>;
  /** How it answers requests over HTTP; without it, it is not served. */
  readonly service?: PipelineService;
  /** Undefined where `multihead predict` does not know it. */
  readonly commands?: PipelineCommands<Loaded>;
}

/**
 * Types a definition by what it loads.
 *
 * @example
 * const row = definePipeline({
 *   name: 'languages',
 *   load: async (folder: string, { device }: PipelineOptions) => pipeline('text-classification', folder, { device }),
 * });
 */
export const definePipeline = <Loaded extends LoadedPipeline>(
  definition: PipelineDefinition<Loaded>,
): PipelineDefinition<Loaded> => definition;

const registered: PipelineDefinition[] = [fillMask, featureExtraction, textGeneration];

/**
 * Makes a pipeline known to {@link pipeline} and, where it has `commands`, to `multihead predict`. Tasks bring theirs with them.
 *
 * @throws UserError where there is a pipeline of this name
 * @example
 * declare module 'multihead' {
 *   interface Pipelines {
 *     'language-detection': TextClassificationPipeline;
 *   }
 * }
 * registerPipeline({
 *   name: 'language-detection',
 *   load: async (folder: string, { device }: PipelineOptions) => pipeline('text-classification', folder, { device }),
 * });
 * const detect: TextClassificationPipeline = await pipeline('language-detection', 'runs/languages');
 */
export function registerPipeline<Loaded extends LoadedPipeline>(definition: PipelineDefinition<Loaded>): void {
  const { name, aliases = [] } = definition;
  const taken = [name, ...aliases].find((each) => findPipeline(each) !== undefined);
  if (taken !== undefined) throw new UserError(`registerPipeline: there is a pipeline "${taken}" already`);
  registered.push(definition);
}

/** All pipelines, those of tasks first. */
export const pipelines = (): readonly PipelineDefinition[] => [...tasks().flatMap(pipelineOf), ...registered];

/** Those that belong to no task, for `multihead predict`. */
export const pipelinesWithCommands = (): readonly PipelineDefinition[] => registered.filter(({ commands }) => commands);

function pipelineOf(task: TaskDefinition): PipelineDefinition[] {
  const { name, aliases = [], pipeline } = task;
  if (!pipeline) return [];
  const options = schemaNames(task.options.settings);
  const load = async (folder: string, given: PipelineOptions & OptionValues) => {
    const { maxLength, device, dtype, batchSize, batchScheduler } = given;
    const settings = Object.fromEntries(options.map((option) => [option, given[option]]));
    const loaded = await loadForTask(task, folder, { maxLength, device, dtype, options: settings });
    loaded.model.batchScheduler = batchScheduler;
    return pipeline({ ...loaded, batchSize });
  };
  const service = task.service && { heads: [task.head], ...task.service };
  return [{ name, aliases, options, load, ...(service && { service }) }];
}

const findPipeline = (name: string): PipelineDefinition | undefined =>
  pipelines().find((each) => each.name === name || each.aliases?.includes(name));

/**
 * The pipeline of a name or of another name for it.
 *
 * @throws UserError that lists the names
 */
export function pipelineNamed(name: string): PipelineDefinition {
  const found = findPipeline(name);
  if (found) return found;
  const names = [...pipelines().map((each) => each.name), ...pipelines().flatMap(({ aliases = [] }) => aliases)];
  const likely = likelyName(String(name), names);
  const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
  throw new UserError(`pipeline: there is no task "${name}"; there are: ${names.join(', ')}${hint}`);
}
