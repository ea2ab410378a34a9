/** @file The worker's side of the Node engine: answers calls of `engine.ts` one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession as Session } from 'onnxruntime-common';
import { EngineCore } from '../core.js';
import { serveCalls } from '../remote.js';
import type { Message, WorkerSettings } from './messages.js';
import { nativeCall } from './native-calls.js';

const { threads, flags } = workerData as WorkerSettings;
const port = parentPort;
if (!port) throw new Error('internal: the engine worker was not started as a worker');

// Loading the library is a native call, too.
const { InferenceSession, Tensor } = await nativeCall(flags, () => import('onnxruntime-node'));

let answered: Promise<void> = Promise.resolve();
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

const answer = serveCalls(core, (reply, transfer) => port.postMessage(reply, transfer));
port.on('message', (message: Message) => {
  // With nothing to listen to, the worker ends by itself.
  if (message === 'close') void answered.then(() => port.close());
  else answered = answer(message);
});
