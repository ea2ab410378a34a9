/** @file A computation over features, whose batches a scheduler may share between calls. */

/**
 * Features for a model, and what it computes of them.
 *
 * `Row` is what the model gives for one feature; `Decoded` what is made of it as soon as its batch has been run, so that the
 * outputs of all batches need not be kept.
 */
export interface BatchWork<Feature extends { readonly length: number }, Row, Decoded> {
  /** Works of a model with the same key run alike: their features may share a batch. */
  readonly key: string;
  readonly features: readonly Feature[];
  /** Runs a batch and returns what the model gives for each feature, in their order. */
  run(batch: readonly Feature[]): Promise<readonly Row[]>;
  /** Decodes what the model gives for a feature. */
  decode(row: Row, feature: Feature): Decoded;
}

/** Puts features into batches and runs them; the results are in the order of the work's features. */
export type BatchScheduler = <Feature extends { readonly length: number }, Row, Decoded>(
  work: BatchWork<Feature, Row, Decoded>,
) => Promise<Decoded[]>;
