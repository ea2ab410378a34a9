/** @file The batches of an epoch, whatever kind of source their features come from. */
import { type BatchOptions, epochBatches } from '../../data/streams/batching.js';
import type { Feature } from '../../tasks/feature.js';
import type { FeatureSource } from './feature-source.js';
import type { FeatureStream } from './feature-stream.js';

/** A batch of features. */
export interface Batch<OneFeature extends Feature> {
  /** Their indices in the source, or those of their examples in the stream. */
  readonly indices: readonly number[];
  readonly features: readonly OneFeature[];
}

/** Iterates over the batches of an epoch, starting at a given one (counted from 0). */
export function batchesFrom<OneFeature extends Feature>(
  source: FeatureSource<OneFeature> | FeatureStream<OneFeature>,
  options: BatchOptions,
  first: number,
): AsyncGenerator<Batch<OneFeature>> {
  return 'batches' in source ? source.batches(options, first) : sourceBatches(source, options, first);
}

async function* sourceBatches<OneFeature extends Feature>(
  source: FeatureSource<OneFeature>,
  options: BatchOptions,
  first: number,
): AsyncGenerator<Batch<OneFeature>> {
  const lengths = Array.from({ length: source.length }, (_, i) => source.lengthOf(i, options.epoch));
  const keysOf = source.apart && ((index: number) => source.apart?.(index) ?? []);
  for (const indices of epochBatches(lengths, options, keysOf).slice(first)) {
    yield { indices, features: await source.read(indices, options.epoch) };
  }
}

/** Takes the next few items; fewer at the end. */
export async function take<Item>(items: AsyncIterator<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  while (taken.length < count) {
    const next = await items.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
