/** @file Models as a server serves them: in processes of their own, which share the processors, or in this one. */
import { availableParallelism } from 'node:os';
import type { DtypeName } from '../../models/dtypes.js';
import { resolveModel } from '../../models/resolve-model.js';
import type { ModelBatchOptions } from '../batching/model-batches.js';
import { DirectModel } from '../models/direct-model.js';
import { readModelInfo } from '../models/model-info.js';
import { ReloadableModel } from './reloadable-model.js';
import { type WorkerEvent, WorkerModel } from './worker-model.js';

/** How models are served. */
export interface ModelOptions {
  /**
   * Whether each model gets a process of its own, which a crash of native code cannot leave. Families, tasks and pipelines that a
   * program registers are known there only if `imports` names their modules. Default: false.
   */
  readonly workers?: boolean | undefined;
  /** Modules that workers import first, as URLs: those that register families, tasks or pipelines of your own. */
  readonly imports?: readonly string[] | undefined;
  /**
   * Threads that an operator of a worker may use. Default: the processors, divided among the models. In this process,
   * `OMP_NUM_THREADS` says it.
   */
  readonly threads?: number | undefined;
  /** The number format of the models' weights, such as `q8` for matrices of 8 bits. Default: `fp32`. */
  readonly dtype?: DtypeName | undefined;
  /** Bounds of each model's batches and queues. */
  readonly batching?: ModelBatchOptions | undefined;
  /** Called when a worker is ready, and when one was lost. */
  readonly onWorkerEvent?: ((event: WorkerEvent) => void) | undefined;
}

/**
 * Begins to load models: folders, or ids of the hub, by the names that requests call them by.
 *
 * @throws UserError for a folder that is no model, or one that no pipeline answers with
 */
export function openModels(
  models: Readonly<Record<string, string>>,
  { workers = false, imports, threads, dtype, batching, onWorkerEvent }: ModelOptions,
): Promise<ReloadableModel[]> {
  const share = Math.max(1, Math.floor(availableParallelism() / Object.keys(models).length));
  return Promise.all(
    Object.entries(models).map(([name, idOrFolder]) =>
      ReloadableModel.open(async () => {
        const folder = await resolveModel(idOrFolder, {});
        const info = await readModelInfo(name, folder);
        if (!workers) return new DirectModel(folder, info, { dtype, batching });
        return new WorkerModel(
          { folder, info, imports, dtype, batching },
          { threads: threads ?? share, onEvent: onWorkerEvent },
        );
      }),
    ),
  );
}
