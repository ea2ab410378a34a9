/** @file How the requests of one model share its batches, and how many may wait. */
import type { ContinuousOptions } from '../../inference/generation/continuous/continuous-generator.js';
import type { PipelineOptions } from '../../inference/pipeline-options.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { checkWhole } from '../../tasks/validate-features.js';
import { ServeError } from '../errors/serve-error.js';
import { type BatchingOptions, BatchingScheduler } from './batching-scheduler.js';
import { Throughput } from './throughput.js';

/** Bounds of a model's batches and queues. */
export interface ModelBatchOptions extends BatchingOptions, Omit<ContinuousOptions, 'onArrival' | 'onEnd'> {
  /** Maximum number of texts that wait to be generated. Those that meet an empty queue are always accepted. Default: 512. */
  readonly maxQueuedTexts?: number | undefined;
}

const optionNames = namesOf<ModelBatchOptions>({
  batchTokens: true,
  maxInputTokens: true,
  maxQueuedTokens: true,
  maxRows: true,
  maxCachedTokens: true,
  prefillTokens: true,
  maxQueuedTexts: true,
});

/** Refuses options that there are not, and values that are no whole numbers from 1. */
export function checkBatchOptions(options: ModelBatchOptions, of: string): void {
  checkOptionNames(options, optionNames, of);
  checkWhole({ ...options });
}

/** The batches of a model: of features, and of texts that are generated. */
export class ModelBatches {
  readonly scheduler: BatchingScheduler;
  private readonly ended = new Throughput();
  private lastEnd = 0;

  constructor(private readonly options: ModelBatchOptions = {}) {
    this.scheduler = new BatchingScheduler(options);
  }

  /** Options of the model's pipelines, with which all of them share the batches. */
  get pipelineOptions(): Pick<PipelineOptions, 'batchScheduler' | 'continuousBatching'> {
    return {
      batchScheduler: this.scheduler.schedule,
      continuousBatching: {
        ...this.options,
        onArrival: (texts, waiting) => this.checkRoom(texts, waiting),
        onEnd: (seconds) => this.count(seconds),
      },
    };
  }

  private checkRoom(texts: number, waiting: number): void {
    const { maxQueuedTexts = 512 } = this.options;
    if (waiting === 0 || waiting + texts <= maxQueuedTexts) return;
    throw new ServeError('more texts are to be generated than the model can soon begin with. Try again later', {
      status: 429,
      code: 'queue_full',
      retryAfter: this.ended.secondsFor(waiting),
    });
  }

  /** Counts a text that has ended: it took the time since the one before it, or since it came where none was before. */
  private count(seconds: number): void {
    const now = performance.now() / 1000;
    this.ended.add(1, Math.min(seconds, now - this.lastEnd));
    this.lastEnd = now;
  }
}
