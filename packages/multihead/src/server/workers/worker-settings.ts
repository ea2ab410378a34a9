/** @file Settings of a worker process. */
import type { Call, Reply } from '../../engine/remote.js';
import type { DirectModelOptions } from '../models/direct-model.js';
import type { ModelInfo } from '../models/served-model.js';

/** The model of a worker process. */
export interface WorkerSettings extends DirectModelOptions {
  readonly folder: string;
  readonly info: ModelInfo;
  /** Modules that are imported first: those that register families, tasks or pipelines of your own. */
  readonly imports?: readonly string[] | undefined;
}

/** What the serving process sends: settings once, then calls. */
export type ToWorker = { readonly settings: WorkerSettings } | { readonly call: Call };

/** What a worker sends: replies, and the numbers of calls whose computation begins. */
export type FromWorker = { readonly reply: Reply } | { readonly started: readonly number[] };
