/**
 * @file A thread that ends the process of `child.ts`: where the program that asks was killed, and where the process takes
 * too much memory outside the heap, which V8 does not bound.
 */
import { workerData } from 'node:worker_threads';

/** What the thread is told. */
export interface Watched {
  /** The process that asks. */
  readonly parent: number;
  /** What may be taken in all, heap and code included. */
  readonly megabytes: number;
}

const { parent, megabytes } = workerData as Watched;

setInterval(() => {
  if (process.memoryUsage.rss() > megabytes * 1e6) process.kill(process.pid, 'SIGABRT'); // as V8 does for the heap
}, 100);

setInterval(() => {
  try {
    process.kill(parent, 0);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
