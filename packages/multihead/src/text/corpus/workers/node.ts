/** @file Encodes documents in worker threads, each with a tokenizer of its own. In browsers: `web.ts`. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../../platform/errors.js';
import { ownModule } from '../../../platform/node/own-module.js';
import type { EncodedBatch } from '../encode-documents.js';
import type { CreateEncoderPool, PoolSettings } from './pool.js';

/** What a worker answers to a batch. Of an error a message to another thread keeps no class. */
export type Reply =
  | { readonly batch: EncodedBatch }
  | { readonly error: { readonly isOfUser: boolean; readonly message: string; readonly stack: string } };

/** Starts the workers. */
export const createEncoderPool: CreateEncoderPool = (settings, workers) => {
  const threads = Array.from({ length: workers }, () => new EncoderThread(settings));
  return {
    encode(texts) {
      const least = threads.reduce((a, b) => (b.pending < a.pending ? b : a));
      return least.encode(texts);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
};

/**
 * Workers where nothing else is said. The tokenizer in Rust uses all processors by itself: a worker adds that its
 * JavaScript goes on meanwhile, about a fifth of the work.
 */
export const defaultWorkers = (): number => Math.min(availableParallelism(), 8);

interface Waiting {
  resolve(batch: EncodedBatch): void;
  reject(error: Error): void;
}

/** One worker, which answers batches in the order in which they are sent. */
class EncoderThread {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private failure: Error | undefined;

  constructor(settings: PoolSettings) {
    this.worker = new Worker(ownModule('text/corpus/workers/node/worker.js'), {
      workerData: settings,
      execArgv: [], // flags such as --input-type are the program's own; the worker would stumble over them
    });
    this.worker.on('message', (reply: Reply) => {
      const waiting = this.waiting.shift();
      if ('batch' in reply) waiting?.resolve(reply.batch);
      else waiting?.reject(errorOf(reply.error));
    });
    this.worker.on('error', (error) => this.fail(error as Error));
    this.worker.on('exit', () => this.fail(new Error('a tokenizing worker ended before it answered')));
  }

  /** Batches that are not done. */
  get pending(): number {
    return this.waiting.length;
  }

  encode(texts: readonly string[]): Promise<EncodedBatch> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(texts);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

const errorOf = ({ isOfUser, message, stack }: { isOfUser: boolean; message: string; stack: string }): Error =>
  isOfUser ? new UserError(message) : Object.assign(new Error(message), { stack });
