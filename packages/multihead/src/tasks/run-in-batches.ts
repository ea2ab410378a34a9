/** @file Runs a model over features in batches of like length; results are in the features' order. */
import { evaluationBatches } from '../data/streams/batching.js';
import type { BatchScheduler, BatchWork } from '../models/core/batch-work.js';

/** Options of `runInBatches`. */
export interface BatchRunOptions {
  /** Features per batch, where no scheduler decides. */
  readonly batchSize: number;
  /** Called after each batch with the fraction of features done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Runs a work: by the model's scheduler, which joins what is computed at the same time, or else batch by batch. */
export async function runInBatches<Feature extends { readonly length: number }, Row, Decoded>(
  { batchScheduler }: { readonly batchScheduler: BatchScheduler | undefined },
  work: BatchWork<Feature, Row, Decoded>,
  { batchSize, onProgress }: BatchRunOptions,
): Promise<Decoded[]> {
  if (batchScheduler) return batchScheduler(work);
  const { features } = work;
  const decoded: Decoded[] = [];
  let done = 0;
  const lengths = features.map(({ length }) => length);
  for (const batch of evaluationBatches(lengths, batchSize)) {
    const members = batch.map((i) => features[i] as Feature);
    const rows = await work.run(members);
    for (const [row, i] of batch.entries()) decoded[i] = work.decode(rows[row] as Row, members[row] as Feature);
    done += members.length;
    onProgress?.(done / features.length);
  }
  return decoded;
}
