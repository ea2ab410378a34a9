/** @file Where training takes its features from: all in memory, or read as they are needed. */
import { type Feature, fingerprintOfFeatures } from '../../tasks/feature.js';

/** Features by number. A source of another kind than a list may hold more than memory does. */
export interface FeatureSource<OneFeature extends Feature = Feature> {
  /** How many there are, the same in every epoch. */
  readonly length: number;
  /** A feature's length in an epoch, by which batches are put together. */
  lengthOf(index: number, epoch: number): number;
  /** Features of an epoch, in the order in which they are asked for. */
  read(indices: readonly number[], epoch: number): Promise<readonly OneFeature[]>;
  /** A mark by which a resumed run sees that it goes on with what it began with. */
  fingerprint(): string;
}

/**
 * Features at hand.
 *
 * @example
 * const source = listSource((await task.encode(examples)).flat());
 */
export function listSource<OneFeature extends Feature>(features: readonly OneFeature[]): FeatureSource<OneFeature> {
  return {
    length: features.length,
    lengthOf: (index) => (features[index] as OneFeature).length,
    read: async (indices) => indices.map((index) => features[index] as OneFeature),
    fingerprint: () => fingerprintOfFeatures(features),
  };
}
