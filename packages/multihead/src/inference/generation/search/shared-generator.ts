/** @file The batches that calls of `generate` share, of models that are served. */
import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import type { ContinuousGenerator } from '../continuous/continuous-generator.js';

const generators = new WeakMap<DecodingModel, ContinuousGenerator>();

/** Lets all texts of a model that are generated without beams grow in one batch, whichever call they are of. */
export function shareBatch(model: DecodingModel, generator: ContinuousGenerator): void {
  generators.set(model, generator);
}

/** The batch that calls share; undefined where each has its own. */
export const sharedGenerator = (model: DecodingModel): ContinuousGenerator | undefined => generators.get(model);
