/** @file Encodes documents in the thread that asks, where there are no worker threads. On Node: `node.ts`. */
import { AutoTokenizer } from '../../tokenizer/auto-tokenizer.js';
import { encodeDocuments } from '../encode-documents.js';
import type { CreateEncoderPool } from './pool.js';

/** A pool without workers. */
export const createEncoderPool: CreateEncoderPool = ({ tokenizer, encoder }) => {
  const loading = AutoTokenizer.fromPretrained(tokenizer);
  return {
    encode: async (texts) => encodeDocuments(texts, await loading, encoder),
    close: async () => undefined,
  };
};

/** Workers that there may be. */
export const defaultWorkers = (): number => 1;
