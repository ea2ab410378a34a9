/**
 * @file Batches of whatever waits: as soon as the model is free, the next batch runs. Nothing waits for a timer; while a batch
 * runs, the features of the next ones gather.
 */
import type { BatchScheduler, BatchWork } from '../../models/core/batch-work.js';
import { ServeError } from '../errors/serve-error.js';
import { type CallContext, currentCall } from './call-context.js';
import { type QueuedRequest, RequestQueue } from './request-queue.js';
import { Throughput } from './throughput.js';

/** Options of `BatchingScheduler`. */
export interface BatchingOptions {
  /**
   * Tokens of a batch, padding included; an input that is longer runs by itself. On processors, small batches are the fastest,
   * since what a layer computes stays in their caches: with MiniLM on a thread, batches of 512 tokens take 0.18 ms of a
   * processor for each token, those of 4096 0.29, those of 16384 0.45. Default: 512.
   */
  readonly batchTokens?: number | undefined;
  /** Maximum number of tokens of an input; longer ones are refused. Default: 16384. */
  readonly maxInputTokens?: number | undefined;
  /** Maximum number of tokens that wait. A request that meets an empty queue is always accepted. Default: 1048576. */
  readonly maxQueuedTokens?: number | undefined;
}

/** A feature with the request that it belongs to. Types of features and rows are the works' own. */
interface Item {
  readonly length: number;
  readonly key: string;
  readonly index: number;
  readonly feature: never;
  readonly request: Request;
}

interface Request extends QueuedRequest<Item> {
  readonly work: BatchWork<never, unknown, unknown>;
  readonly context: CallContext;
  readonly items: Item[];
  readonly results: unknown[];
  readonly since: number;
  /** Features without a result. */
  open: number;
  isStarted: boolean;
  isSettled: boolean;
  resolve(results: unknown[]): void;
  reject(reason: unknown): void;
}

/** Tokens of padding that cost about as much as the fixed part of a batch (measured with MiniLM on a CPU). */
const freePadding = 32;

/** Computes the works of a model in common batches. */
export class BatchingScheduler {
  private readonly queue: RequestQueue<Item>;
  private readonly throughput = new Throughput();
  private readonly maxInputTokens: number;
  private readonly maxQueuedTokens: number;
  private running: Promise<void> | undefined;

  constructor({ batchTokens = 512, maxInputTokens = 16_384, maxQueuedTokens = 1_048_576 }: BatchingOptions = {}) {
    this.maxInputTokens = maxInputTokens;
    this.maxQueuedTokens = maxQueuedTokens;
    this.queue = new RequestQueue({ maxTokens: batchTokens, freePadding });
  }

  /** Number of features that wait. */
  get size(): number {
    return this.queue.size;
  }

  /** Tokens per second of the last seconds of work; undefined before the first batch. */
  get tokensPerSecond(): number | undefined {
    return this.throughput.perSecond;
  }

  /**
   * Queues a work for the running call, and resolves when all of it was computed.
   *
   * @throws ServeError 413 for a feature that is too long, 429 where too much waits; the signal's reason once the client
   *   has gone; what the model throws for one of these features alone
   */
  readonly schedule: BatchScheduler = <Feature extends { readonly length: number }, Row, Decoded>(
    work: BatchWork<Feature, Row, Decoded>,
  ) =>
    new Promise<Decoded[]>((resolve, reject) => {
      const context = currentCall();
      context.signal.throwIfAborted();
      this.checkRoom(work.features);
      if (work.features.length === 0) return resolve([]);
      const leave = () => this.fail(request, context.signal.reason);
      const settle = () => context.signal.removeEventListener('abort', leave);
      const request: Request = {
        client: context.client,
        work: work as unknown as BatchWork<never, unknown, unknown>,
        context,
        items: [],
        results: [],
        since: performance.now(),
        open: work.features.length,
        isStarted: false,
        isSettled: false,
        resolve: (results) => {
          settle();
          resolve(results as Decoded[]);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      };
      for (const [index, feature] of work.features.entries()) {
        request.items.push({ length: feature.length, key: work.key, index, feature: feature as never, request });
        context.tokens += feature.length;
      }
      context.signal.addEventListener('abort', leave);
      this.queue.add(request);
      this.running ??= this.run();
    });

  /** Resolves when nothing waits or runs any more. */
  async drained(): Promise<void> {
    await this.running;
  }

  private checkRoom(features: readonly { readonly length: number }[]): void {
    const tooLong = features.find(({ length }) => length > this.maxInputTokens);
    if (tooLong) {
      throw new ServeError(
        `an input has ${tooLong.length} tokens, but this server takes inputs of no more than ${this.maxInputTokens}. ` +
          'Shorten it, or have it cut.',
        { status: 413, code: 'input_too_long' },
      );
    }
    const tokens = features.reduce((sum, { length }) => sum + length, 0);
    if (this.queue.tokens === 0 || this.queue.tokens + tokens <= this.maxQueuedTokens) return;
    throw new ServeError('the model has more requests than it can answer soon. Try again later.', {
      status: 429,
      code: 'queue_full',
      retryAfter: this.throughput.secondsFor(this.queue.tokens),
    });
  }

  private async run(): Promise<void> {
    // What came in the same turn of the event loop goes into the first batch together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.queue.next(); batch.length > 0; batch = this.queue.next()) await this.runBatch(batch);
    this.running = undefined;
  }

  /** Runs a batch. One that fails is halved, so that a feature that the model cannot compute fails alone. */
  private async runBatch(items: readonly Item[]): Promise<void> {
    const batch = items.filter(({ request }) => !request.isSettled);
    const [first] = batch;
    if (!first) return;
    const start = performance.now();
    for (const request of new Set(batch.map(({ request }) => request))) {
      if (request.isStarted) continue;
      request.isStarted = true;
      request.context.onStart?.();
    }
    try {
      const rows = await first.request.work.run(batch.map(({ feature }) => feature));
      if (rows.length !== batch.length) {
        throw new Error(`internal: a batch of ${batch.length} features gave ${rows.length} rows`);
      }
      const time = performance.now() - start;
      this.throughput.add(
        batch.reduce((sum, { length }) => sum + length, 0),
        time / 1000,
      );
      for (const [row, item] of batch.entries()) this.finish(item, rows[row], { start, time });
    } catch (error) {
      if (batch.length === 1) return this.fail(first.request, error);
      const middle = Math.ceil(batch.length / 2);
      await this.runBatch(batch.slice(0, middle));
      await this.runBatch(batch.slice(middle));
    }
  }

  private finish({ request, index, feature }: Item, row: unknown, { start, time }: { start: number; time: number }) {
    if (request.isSettled) return;
    const { work, results, context } = request;
    try {
      results[index] = work.decode(row, feature);
    } catch (error) {
      return this.fail(request, error);
    }
    context.queueTime = Math.max(context.queueTime, start - request.since);
    context.inferenceTime = Math.max(context.inferenceTime, time);
    if (--request.open > 0) return;
    request.isSettled = true;
    request.resolve(results);
  }

  private fail(request: Request, reason: unknown): void {
    if (request.isSettled) return;
    request.isSettled = true;
    this.queue.remove(request);
    request.reject(reason);
  }
}
