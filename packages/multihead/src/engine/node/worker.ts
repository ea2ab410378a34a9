/** @file The worker's side of the Node engine: answers calls of `engine.ts` one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession as Session } from 'onnxruntime-common';
import { EngineCore } from '../core/core.js';
import { deviceNamed } from '../devices/registry.js';
import { serveCalls } from '../remote.js';
import type { Message, WorkerSettings } from './messages.js';
import { inTurn, nativeCall } from './native-calls.js';

const { threads, device: name, reduction, flags, turn } = workerData as WorkerSettings;
const port = parentPort;
if (!port) throw new Error('internal: the engine worker was not started as a worker');
const device = deviceNamed(name);

/** Makes a native call: one at a time in this engine and, where the device wants that, in this process. */
const native = <Result>(call: () => Promise<Result>): Promise<Result> =>
  turn ? inTurn(turn, () => nativeCall(flags, call)) : nativeCall(flags, call);

// Loading the library is a native call, too.
const { InferenceSession, Tensor } = await native(() => import('onnxruntime-node'));

let answered: Promise<void> = Promise.resolve();
const core = new EngineCore(
  {
    Tensor,
    createSession: async (bytes, externalData = []) => {
      const options: Session.SessionOptions = {
        ...device.sessionOptions,
        intraOpNumThreads: threads,
        // Memory patterns are kept for every shape seen; with batches of many shapes they only cost memory.
        enableMemPattern: false,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        extra: {
          session: {
            // The optimizer's threads must not be slowed by those of the graph that ran before it.
            force_spinning_stop: '1',
            // On x64 processors without VNNI, the default kernel sums two 8-bit products in 16 bits, which can overflow.
            x64quantprecision: '1',
          },
        },
        externalData,
      };
      const session = await native(() => InferenceSession.create(bytes, options));
      return {
        run: (feeds, fetches) => native(() => (fetches ? session.run(feeds, fetches) : session.run(feeds))),
        release: () => native(() => session.release()),
      };
    },
  },
  device,
  reduction,
);

const answer = serveCalls(core, (reply, transfer) => port.postMessage(reply, transfer));
port.on('message', (message: Message) => {
  // With nothing to listen to, the worker ends by itself.
  if (message === 'close') void answered.then(() => port.close());
  else answered = answer(message);
});
