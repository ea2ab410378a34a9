/** @file Encodes documents in worker threads, each with a tokenizer of its own. In browsers: `web.ts`. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { EncodedBatch } from '../encode-documents.js';
import type { CreateEncoderPool, PoolSettings } from './pool.js';

/** What a worker answers to a batch. */
export type Reply = { readonly batch: EncodedBatch } | { readonly error: Error };

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

/** As many workers as the machine has processors. */
export const defaultWorkers = (): number => availableParallelism();

interface Waiting {
  resolve(batch: EncodedBatch): void;
  reject(error: Error): void;
}

/** One worker, which answers batches in the order in which they are sent. */
class EncoderThread {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];

  constructor(settings: PoolSettings) {
    this.worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: settings,
      execArgv: [], // flags such as --input-type are the program's own; the worker would stumble over them
    });
    this.worker.on('message', (reply: Reply) => {
      const waiting = this.waiting.shift();
      if ('batch' in reply) waiting?.resolve(reply.batch);
      else waiting?.reject(reply.error);
    });
    this.worker.on('error', (error) => this.fail(error as Error));
    this.worker.on('exit', () => this.fail(new Error('a tokenizing worker ended before it answered')));
  }

  /** Batches that are not done. */
  get pending(): number {
    return this.waiting.length;
  }

  encode(texts: readonly string[]): Promise<EncodedBatch> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(texts);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
