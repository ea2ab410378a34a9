/** @file The worker's side of the Node engine: answers calls of `engine.ts` one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineCore } from '../core.js';
import type { Call, Reply } from './messages.js';

const { threads } = workerData as { threads: number };
const port = parentPort;
if (!port) throw new Error('internal: the engine worker was not started as a worker');

const core = new EngineCore({
  Tensor,
  createSession: (bytes, externalData = []) =>
    InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      // Memory patterns are kept for every shape seen; with batches of many shapes they only cost memory.
      enableMemPattern: false,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // The optimizer's threads must not be slowed by those of the graph that ran before it.
      extra: { session: { force_spinning_stop: '1' } },
      externalData,
    }),
});

// Calls are answered in the order in which they came: a step must not begin before the one before it has ended.
let last: Promise<void> = Promise.resolve();
port.on('message', ({ id, method, args }: Call) => {
  last = last.then(async () => {
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
