/**
 * @file The command line without a process for each command, which would load Node.js, Multihead and the engine anew: a thread
 * of the tests' process runs one after the other. Signals, terminals and how a process ends need `bin/multihead.js` in a
 * process. Not part of the package.
 */
import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from 'node:worker_threads';

/** How a command ended, and what it said, as `spawnSync` gives it. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A result, and whether the thread is as good as new: no engine is left. */
export interface ThreadResult extends CommandResult {
  readonly isClean: boolean;
}

let thread: Worker | undefined;

/** Runs a command to its end. */
export function multihead(...args: readonly string[]): CommandResult {
  if (!thread) {
    thread = new Worker(new URL('./multihead-thread.js', import.meta.url), { env: SHARE_ENV, execArgv: [] });
    thread.unref();
  }
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  thread.postMessage({ args, done, port: port2 }, [port2]);
  if (Atomics.wait(done, 0, 0, 170_000) === 'timed-out') throw new Error(`multihead ${args.join(' ')}: takes too long`);
  const received = receiveMessageOnPort(port1) as { message: ThreadResult };
  const { isClean, ...result } = received.message;
  port1.close();
  if (isClean) return result;
  void thread.terminate();
  thread = undefined;
  return result;
}
