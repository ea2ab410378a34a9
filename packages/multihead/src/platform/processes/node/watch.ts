/**
 * @file A thread that ends a process which reads what may be hostile: where the program that asks was killed, where the
 * process takes too much memory outside the heap, which V8 does not bound, or too much processor time.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** What is sent to the thread. */
export interface Watched {
  /** The process that asks. */
  readonly parent: number;
  /** What may be taken in all, heap and code included. */
  readonly megabytes: number;
  /** Of processor time, over all threads: a busy machine takes nothing away. Without limit where it is not given. */
  readonly seconds?: number;
}

const { parent, megabytes, seconds = Number.POSITIVE_INFINITY } = workerData as Watched;

setInterval(() => {
  const { user, system } = process.cpuUsage();
  if (process.memoryUsage.rss() > megabytes * 1e6) end('memory');
  else if ((user + system) / 1e6 > seconds) end('time');
}, 100);

setInterval(() => {
  try {
    process.kill(parent, 0);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);

/** Says what there was too much of, for who reads standard error, and ends the process as V8 does where the heap is full. */
function end(what: 'memory' | 'time'): void {
  writeSync(2, `too much ${what}\n`);
  process.kill(process.pid, 'SIGABRT');
}
