/** @file The result of methods that leave a model's modules as they are: a plain model's folder. */
import { joinPath } from '#files';
import { modelKey, type PretrainedModel } from '../../models/core/pretrained.js';
import { restoreWeights } from '../checkpoints/restore-weights.js';
import type { PreparedMethod } from './method.js';

/**
 * How such a method saves and loads. Adapters that the model came with are merged into its weights first.
 *
 * @example
 * const prepared = { trainable: (name: string) => !name.startsWith('bert.embeddings.'), ...(await wholeModel(model)) };
 */
export async function wholeModel(model: PretrainedModel): Promise<Omit<PreparedMethod, 'trainable'>> {
  if (model.adapters.names.length > 0) await model.adapters.mergeAndUnload();
  return {
    files: () => model.files(),
    keyFile: modelKey,
    load: async (folder) =>
      restoreWeights(joinPath(folder, 'model.safetensors'), await model.weights.engine(), model.weights.places),
  };
}
