/** @file Sources of features for training: in memory, or read on demand. */
import { type Feature, fingerprintOfFeatures } from '../../tasks/feature.js';

/** A source of features, accessed by index. It may exceed the memory. */
export interface FeatureSource<OneFeature extends Feature = Feature> {
  /** Number of features, the same in every epoch. */
  readonly length: number;
  /** A feature's length in an epoch, by which batches are put together. */
  lengthOf(index: number, epoch: number): number;
  /** Keys of a feature of which a batch is to hold each once. Default: none. */
  apart?(index: number): readonly string[];
  /** Reads features of an epoch, in the order of the indices. */
  read(indices: readonly number[], epoch: number): Promise<readonly OneFeature[]>;
  /** Fingerprint of the data, checked when a run is resumed. */
  fingerprint(): string;
}

/**
 * Creates a source from a list of features.
 *
 * @param keys of each feature, of which a batch is to hold each once; none by default
 * @example
 * const source = listSource((await task.encode(examples)).flat());
 */
export function listSource<OneFeature extends Feature>(
  features: readonly OneFeature[],
  keys?: readonly (readonly string[])[],
): FeatureSource<OneFeature> {
  return {
    ...(keys && { apart: (index: number) => keys[index] as readonly string[] }),
    length: features.length,
    lengthOf: (index) => (features[index] as OneFeature).length,
    read: async (indices) => indices.map((index) => features[index] as OneFeature),
    fingerprint: () => fingerprintOfFeatures(features),
  };
}
