/** @file Vectors of texts, each by itself. */
import type { TensorValue } from '../../engine/engine.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { type BatchRunOptions, runInBatches } from '../run-in-batches.js';
import { checkFeatures } from '../validate-features.js';
import type { SentenceSimilarity } from './sentence-similarity.js';

/** A text, and its place in an example: 0 for a query, 1 for what is compared with it. */
export interface PlacedText {
  readonly text: string;
  readonly place: number;
}

/** Computes the vectors of texts, in their order. */
export async function embedTexts(
  model: PretrainedModel,
  task: SentenceSimilarity,
  texts: readonly PlacedText[],
  { batchSize = 32 }: { readonly batchSize?: BatchRunOptions['batchSize'] | undefined } = {},
): Promise<Float32Array[]> {
  const features = await task.encodeTexts(texts);
  checkFeatures(features, model.limits);
  const run = async (batch: typeof features) => {
    const { vectors } = await task.run(model, task.collate(batch));
    const { data, shape } = vectors as TensorValue;
    const size = shape[1] as number;
    return batch.map((_, row) => (data as Float32Array).slice(row * size, (row + 1) * size));
  };
  const work = {
    key: `vectors ${task.pooling} ${task.normalize}`,
    features,
    run,
    decode: (vector: Float32Array) => vector,
  };
  return runInBatches(model, work, { batchSize });
}
