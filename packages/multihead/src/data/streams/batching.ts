/** @file The order of training: the batches of features of each epoch, determined by the seed. */
import { deriveSeed, Random } from '../../platform/random.js';
import { separate } from './separate.js';

/** Batches whose features are sorted by length among each other, before the batches are put in random order again. */
export const batchesPerBucket = 50;

/** Options of the batches of an epoch. */
export interface BatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Epoch, from 0; each has its own order. */
  readonly epoch: number;
  /** Whether features of like length go together, so that little is padded. */
  readonly bucketing: boolean;
}

/**
 * One epoch's batches, as indices of features.
 *
 * With bucketing (Hugging Face's group_by_length): a random order is cut into stretches of 50 batches, each is sorted
 * by length and cut into batches, and the batches come in random order. Padding shrinks to a few percent, and every
 * epoch still mixes anew.
 *
 * @param keysOf where given, a batch holds no two features with a key in common, as far as that is possible
 */
export function epochBatches(
  lengths: readonly number[],
  { batchSize, seed, epoch, bucketing }: BatchOptions,
  keysOf?: (index: number) => readonly string[],
): number[][] {
  const random = new Random(deriveSeed(seed, 'order', epoch));
  const order = random.shuffle(lengths.map((_, i) => i));
  const apart = (batches: number[][]): number[][] => (keysOf ? separate(batches, keysOf) : batches);
  if (!bucketing) return apart(chunks(order, batchSize));
  const buckets = chunks(order, batchSize * batchesPerBucket).map((bucket) =>
    bucket.sort((a, b) => (lengths[b] as number) - (lengths[a] as number)),
  );
  return random.shuffle(apart(buckets.flatMap((bucket) => chunks(bucket, batchSize))));
}

/** Batches for evaluation: the longest first, so that memory suffices for all if it does for the first. */
export function evaluationBatches(lengths: readonly number[], batchSize: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
  return chunks(order, batchSize);
}

/** Items in pieces of a size; the last may be smaller. */
export function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
