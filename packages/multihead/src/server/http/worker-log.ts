/** @file Log lines of worker events. */
import type { WorkerEvent } from '../workers/worker-model.js';
import type { Logger } from './logger.js';

/** Logs events of workers, and passes them on. */
export const workerLog =
  (logger: Logger, next?: (event: WorkerEvent) => void) =>
  (event: WorkerEvent): void => {
    const { kind, ...line } = event;
    if (kind === 'ready') logger.info(line, 'a model is ready');
    else logger.error(line, 'the process of a model has ended, and another is started');
    next?.(event);
  };
