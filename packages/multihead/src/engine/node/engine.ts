/**
 * @file The engine on Node: onnxruntime-node in a worker thread.
 *
 * `InferenceSession.run` blocks the calling thread, so it runs in a worker. ONNX Runtime refuses shared memory;
 * therefore the worker owns parameters, gradients and optimizer state, and batches go to it as messages.
 */
import { Worker } from 'node:worker_threads';
import { UserError } from '../../platform/errors.js';
import { ownModule } from '../../platform/node/own-module.js';
import { deviceNamed } from '../devices/registry.js';
import { type Engine, type EngineOptions, engineMoves } from '../engine.js';
import { RemoteCalls, type Reply } from '../remote.js';
import { defaultThreads } from './default-threads.js';
import type { Message, WorkerSettings } from './messages.js';
import { engineError } from './missing-library.js';
import {
  forbidNativeCalls,
  type NativeCallFlags,
  nativeCallFlags,
  newTurn,
  waitForNativeCall,
} from './native-calls.js';
import { disableTelemetry } from './telemetry.js';

/** Starts an engine. An idle worker does not keep the process alive. */
export function createEngine({ threads = defaultThreads(), device = 'cpu', reduction }: EngineOptions = {}): Engine {
  const { isExclusive } = deviceNamed(device);
  disableTelemetry();
  const flags = nativeCallFlags();
  const worker = new Worker(ownModule('engine/node/worker.js'), {
    workerData: { threads, device, reduction, flags, turn: isExclusive ? turn : undefined } satisfies WorkerSettings,
    execArgv: [], // flags such as --input-type are the program's own; the worker would stumble over them
  });
  const calls = new RemoteCalls<Engine>({
    post: (call, transfer) => worker.postMessage(call satisfies Message, transfer),
    busy: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    moves: engineMoves,
  });
  worker.on('message', (reply: Reply) => calls.settle(reply));
  worker.on('error', (error) => calls.fail(engineError(error)));
  const ended = untilEnded(worker, flags, calls);
  worker.unref(); // after the listeners: that of messages would keep the process

  let isClosed = false;
  /** Rejects all pending calls; the worker exits when its current call has finished. */
  const close = (): Promise<void> => {
    if (isClosed) return ended;
    isClosed = true;
    calls.refuse(closedReason);
    forbidNativeCalls(flags);
    calls.fail(new UserError('the engine was closed before it answered: a model was disposed of while it computed'));
    worker.ref();
    worker.postMessage('close' satisfies Message);
    return ended;
  };
  return calls.proxy({ close });
}

/** Turn of the engines of this process that must not compute at the same time. */
const turn = newTurn();

const closedReason = 'the engine is closed: its model was disposed of';

/** The flags of all running workers. */
const alive = new Set<NativeCallFlags>();

/**
 * The process is ending, be it by `process.exit`, by an error or by itself, and Node is about to terminate the workers:
 * they finish the call that they are in, at most.
 */
function finishCalls(): void {
  for (const flags of alive) forbidNativeCalls(flags);
  for (const flags of alive) waitForNativeCall(flags);
}

/** Resolves when the worker has ended, for whatever reason; no call is answered from then on. */
function untilEnded(worker: Worker, flags: NativeCallFlags, calls: RemoteCalls<Engine>): Promise<void> {
  if (alive.size === 0) process.on('exit', finishCalls);
  alive.add(flags);
  return new Promise((resolve) => {
    worker.on('exit', () => {
      alive.delete(flags);
      if (alive.size === 0) process.off('exit', finishCalls);
      calls.fail(new Error('internal: the engine ended before it answered'));
      calls.refuse(closedReason);
      resolve();
    });
  });
}
