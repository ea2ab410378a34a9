/** @file Models as a server serves them: in processes of their own, which share the processors, or in this one. */
import { availableParallelism } from 'node:os';
import type { DtypeName } from '../../models/dtypes.js';
import { resolveModel } from '../../models/resolve-model.js';
import { UserError } from '../../platform/errors.js';
import { checkWhole } from '../../tasks/validate-features.js';
import type { ModelBatchOptions } from '../batching/model-batches.js';
import { DirectModel } from '../models/direct-model.js';
import { MemoryBudget } from '../models/memory-budget.js';
import { readModelInfo, weightBytes } from '../models/model-info.js';
import { OnDemandModel } from '../models/on-demand-model.js';
import type { ServedModel } from '../models/served-model.js';
import { ReloadableModel } from './reloadable-model.js';
import { ReplicatedModel } from './replicated-model.js';
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
   * Workers of each model, among which its requests are divided. More requests are answered by workers with a thread each than
   * by one with all threads; each needs the memory of the model, and a request alone takes longer. Default: 1.
   */
  readonly replicas?: number | undefined;
  /**
   * Threads that an operator of a worker may use. Default: the processors, divided among the workers. In this process,
   * `OMP_NUM_THREADS` says it.
   */
  readonly threads?: number | undefined;
  /** The number format of the models' weights, such as `q8` for matrices of 8 bits. Default: `fp32`. */
  readonly dtype?: DtypeName | undefined;
  /**
   * Bytes of weights that may be loaded at a time, counted as float32. Models beyond that are loaded when they are asked, in place of
   * those that were asked longest ago: such a request waits for the model. Default: no limit, and all are loaded at the start.
   */
  readonly maxMemory?: number | undefined;
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
  { workers = false, imports, replicas = 1, threads, dtype, maxMemory, batching, onWorkerEvent }: ModelOptions,
): Promise<ReloadableModel[]> {
  checkWhole({ replicas, threads });
  const budget = maxMemory === undefined ? undefined : new MemoryBudget(maxMemory);
  const share = Math.max(1, Math.floor(availableParallelism() / (replicas * Object.keys(models).length)));
  return Promise.all(
    Object.entries(models).map(([name, idOrFolder]) =>
      ReloadableModel.open(async () => {
        const folder = await resolveModel(idOrFolder, {});
        const info = await readModelInfo(name, folder);
        const settings = { folder, info, imports, dtype, batching };
        const workerOptions = { threads: threads ?? share, onEvent: onWorkerEvent };
        const newWorker = () => new WorkerModel(settings, workerOptions);
        const begin = (): ServedModel => {
          if (!workers) return new DirectModel(folder, info, { dtype, batching });
          return replicas === 1 ? newWorker() : new ReplicatedModel(Array.from({ length: replicas }, newWorker));
        };
        if (!budget) return begin();
        const size = (await weightBytes(folder)) * (workers ? replicas : 1);
        if (size <= budget.bytes) return new OnDemandModel({ info, size, budget, open: begin });
        throw new UserError(
          `${idOrFolder}: its weights take ${megabytes(size)} MB as float32; maxMemory is ${megabytes(budget.bytes)} MB`,
        );
      }),
    ),
  );
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);
