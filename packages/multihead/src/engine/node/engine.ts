/**
 * @file The engine on Node: onnxruntime-node in a worker thread.
 *
 * `InferenceSession.run` blocks the thread that calls it, so that thread is the worker's. ONNX Runtime refuses shared
 * memory; therefore the worker owns parameters, gradients and optimizer state, and batches go to it as messages.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../errors.js';
import type { OnnxModel } from '../../onnx/model.js';
import { ownModule } from '../../own-module.js';
import type {
  AdamWStep,
  CacheForm,
  Engine,
  EngineOptions,
  LoadOptions,
  OptimizerState,
  ParameterBuffer,
  StepResult,
  TensorValue,
  TrainingGraph,
  Values,
} from '../engine.js';
import type { Call, Message, Reply, WorkerSettings } from './messages.js';
import { engineError } from './missing-library.js';
import { forbidNativeCalls, type NativeCallFlags, nativeCallFlags, waitForNativeCall } from './native-calls.js';
import { disableTelemetry } from './telemetry.js';

/** Starts an engine. The worker does not keep the process alive while it has nothing to do. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new NodeEngine(options);
}

/** The flags of all workers that live. */
const alive = new Set<NativeCallFlags>();

/**
 * The process is ending, be it by `process.exit`, by an error or by itself, and Node is about to terminate the workers:
 * they finish the call that they are in, at most.
 */
function finishCalls(): void {
  for (const flags of alive) forbidNativeCalls(flags);
  for (const flags of alive) waitForNativeCall(flags);
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class NodeEngine implements Engine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly flags = nativeCallFlags();
  private readonly ended: Promise<void>;
  private nextId = 0;
  private isClosed = false;

  constructor({ threads = availableParallelism() }: EngineOptions) {
    disableTelemetry();
    this.worker = new Worker(ownModule('engine/node/worker.js'), {
      workerData: { threads, flags: this.flags } satisfies WorkerSettings,
      execArgv: [], // flags such as --input-type are the program's own; the worker would stumble over them
    });
    this.worker.on('message', (reply: Reply) => this.settle(reply));
    this.worker.on('error', (error) => this.fail(engineError(error)));
    if (alive.size === 0) process.on('exit', finishCalls);
    alive.add(this.flags);
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.isClosed = true;
        alive.delete(this.flags);
        if (alive.size === 0) process.off('exit', finishCalls);
        this.fail(new Error('internal: the engine ended before it answered'));
        resolve();
      });
    });
    this.worker.unref(); // after the listeners: that of messages would keep the process
  }

  load(name: string, model: OnnxModel, options?: LoadOptions): Promise<void> {
    return this.call('load', [name, model, options]);
  }
  unload(name: string): Promise<void> {
    return this.call('unload', [name]);
  }
  run(name: string, inputs: Values): Promise<Record<string, TensorValue>> {
    return this.call('run', [name, inputs]);
  }
  createCache(cache: string, form: CacheForm): Promise<void> {
    return this.call('createCache', [cache, form]);
  }
  decode(name: string, cache: string, inputs: Values): Promise<TensorValue> {
    return this.call('decode', [name, cache, inputs]);
  }
  reorderCache(cache: string, rows: readonly number[], shared?: number): Promise<void> {
    return this.call('reorderCache', [cache, rows, shared]);
  }
  clearCache(cache: string): Promise<void> {
    return this.call('clearCache', [cache]);
  }
  releaseCache(cache: string): Promise<void> {
    return this.call('releaseCache', [cache]);
  }
  adoptParameters(buffer: ParameterBuffer): Promise<void> {
    return this.call('adoptParameters', [buffer], [buffer.data.buffer]);
  }
  readParameters(): Promise<ParameterBuffer> {
    return this.call('readParameters', []);
  }
  writeParameters(data: Float32Array<ArrayBuffer>): Promise<void> {
    return this.call('writeParameters', [data]);
  }
  prepareTraining(graph: TrainingGraph): Promise<void> {
    return this.call('prepareTraining', [graph]);
  }
  step(microBatches: readonly Values[], settings: AdamWStep): Promise<StepResult> {
    return this.call('step', [microBatches, settings]);
  }
  readGradients(batch: Values): Promise<{ loss: number; gradients: Record<string, Float32Array> }> {
    return this.call('readGradients', [batch]);
  }
  readOptimizer(): Promise<OptimizerState> {
    return this.call('readOptimizer', []);
  }
  writeOptimizer(state: OptimizerState): Promise<void> {
    return this.call('writeOptimizer', [state]);
  }
  /** Rejects all calls at once; the worker ends itself when it has come out of the one that it computes. */
  close(): Promise<void> {
    if (this.isClosed) return this.ended;
    this.isClosed = true;
    forbidNativeCalls(this.flags);
    this.fail(new UserError('the engine was closed before it answered: a model was disposed of while it computed'));
    this.worker.ref();
    this.worker.postMessage('close' satisfies Message);
    return this.ended;
  }

  private call<Result>(method: Call['method'], args: unknown[], transfer: ArrayBuffer[] = []): Promise<Result> {
    if (this.isClosed) return Promise.reject(new UserError('the engine is closed: its model was disposed of'));
    const id = this.nextId++;
    if (this.waiting.size === 0) this.worker.ref();
    return new Promise<Result>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.worker.postMessage({ id, method, args } satisfies Message, transfer);
    });
  }

  private settle({ id, result, error }: Reply): void {
    const waiting = this.waiting.get(id);
    if (!this.waiting.delete(id)) return; // rejected when the engine was closed
    if (this.waiting.size === 0) this.worker.unref();
    if (!error) waiting?.resolve(result);
    else waiting?.reject(Object.assign(new Error(error.message), { stack: error.stack }));
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
