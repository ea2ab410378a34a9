/** @file What the Trainer feeds: the features of its inputs, and batches of them. */
import type { Values } from '../../engine/engine.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { encodeForTraining } from '../../tasks/encode-for-training.js';
import type { Feature } from '../../tasks/feature.js';
import { checkFeatureNumbers, checkFeatures } from '../../tasks/validate-features.js';
import type { Batch } from '../feeding/batches.js';
import { type FeatureSource, listSource } from '../feeding/feature-source.js';
import { type FeatureStream, streamFeatures } from '../feeding/feature-stream.js';
import { streamWindows } from '../feeding/window-stream.js';
import { isSource, isStream, type RunInputs } from './trainer-inputs.js';

/** The features of a run: a source of them as it is, those of a stream as they are read, those of a list made and checked at once. */
export async function trainingFeatures<Example>(
  inputs: RunInputs<Example>,
  shuffleBufferSize: number,
): Promise<FeatureSource | FeatureStream<Feature>> {
  if (isSource(inputs)) return inputs.train;
  const { task, train, model } = inputs;
  if (isStream(train)) return (task.cutsExamples ? streamWindows : streamFeatures)(train, task, shuffleBufferSize);
  const encoded = await encodeForTraining(task, train);
  const features = encoded.flat();
  checkFeatures(features, model.limits);
  const keys = task.apart && encoded.flatMap((own, i) => own.map(() => task.apart?.(train[i] as Example) ?? []));
  return listSource(features, keys);
}

/** Collates the batches of a step. */
export function collatedBatches<Example>(
  inputs: RunInputs<Example>,
  batches: readonly Batch<Feature>[],
  { seed, step }: { readonly seed: number; readonly step: number },
): Values[] {
  const { model, task, train } = inputs;
  return batches.map(({ features }, i) => {
    // A list of examples was checked as a whole. A block of a causal language model is a token longer than what the model reads:
    // a source knows its own lengths.
    if (isSource(inputs)) checkFeatureNumbers(features, model.limits);
    else if (isStream(train)) checkFeatures(features, model.limits);
    return task.collate(features, new Random(deriveSeed(seed, 'collate', step, i)));
  });
}
