/** @file The worker's side of the Node engine: answers calls of `engine.ts` one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession as Session } from 'onnxruntime-common';
import { EngineCore } from '../core.js';
import type { Message, Reply, WorkerSettings } from './messages.js';
import { nativeCall } from './native-calls.js';

const { threads, flags } = workerData as WorkerSettings;
const port = parentPort;
if (!port) throw new Error('internal: the engine worker was not started as a worker');

// Loading the library is a native call, too.
const { InferenceSession, Tensor } = await nativeCall(flags, () => import('onnxruntime-node'));

const core = new EngineCore({
  Tensor,
  createSession: async (bytes, externalData = []) => {
    const options: Session.SessionOptions = {
      intraOpNumThreads: threads,
      // Memory patterns are kept for every shape seen; with batches of many shapes they only cost memory.
      enableMemPattern: false,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // The optimizer's threads must not be slowed by those of the graph that ran before it.
      extra: { session: { force_spinning_stop: '1' } },
      externalData,
    };
    const session = await nativeCall(flags, () => InferenceSession.create(bytes, options));
    return {
      run: (feeds, fetches) => nativeCall(flags, () => (fetches ? session.run(feeds, fetches) : session.run(feeds))),
      release: () => nativeCall(flags, () => session.release()),
    };
  },
});

// Calls are answered in the order in which they came: a step must not begin before the one before it has ended.
let last: Promise<void> = Promise.resolve();
port.on('message', (message: Message) => {
  last = last.then(async () => {
    if (message === 'close') {
      port.close(); // with nothing to listen to, the worker ends by itself
      return;
    }
    const { id, method, args } = message;
    let reply: Reply;
    try {
      const result = await (core[method] as (...args: unknown[]) => Promise<unknown>).apply(core, args);
      reply = { id, result };
    } catch (error) {
      const { message, stack } = error as Error;
      reply = { id, error: { message, stack: stack ?? '' } };
    }
    port.postMessage(reply, ownedBuffers(reply.result));
  });
});

/**
 * The buffers of a result that go to the other thread instead of being copied: those that a typed array fills. Results
 * are the caller's own (see `core.ts`); a view of a part would take more away than it shows.
 */
function ownedBuffers(result: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(result)) {
    const { buffer, byteLength } = result;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !found.includes(buffer))
      found.push(buffer);
  } else if (typeof result === 'object' && result !== null) {
    for (const value of Object.values(result)) ownedBuffers(value, found);
  }
  return found;
}
