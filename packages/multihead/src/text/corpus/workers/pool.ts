/** @file What encodes batches of documents: worker threads on Node, the page's own thread in browsers. */
import type { EncodedBatch, EncoderSettings } from '../encode-documents.js';

/** The workers' start message. */
export interface PoolSettings {
  /** The tokenizer's folder. */
  readonly tokenizer: string;
  readonly encoder: EncoderSettings;
}

/** Encodes batches at the same time. */
export interface EncoderPool {
  /** Encodes a batch; those that come first are begun first. */
  encode(texts: readonly string[]): Promise<EncodedBatch>;
  /** Ends the workers; batches that are not done are rejected. */
  close(): Promise<void>;
}

/** Starts a pool; each module behind `#tokenize-workers` exports one as `createEncoderPool`. */
export type CreateEncoderPool = (settings: PoolSettings, workers: number) => EncoderPool;
