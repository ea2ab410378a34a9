/** @file Saving and loading for methods that do not change a model's modules. */
import { joinPath } from '#files';
import { isOfLoss, modelKey, type PretrainedModel } from '../../models/core/pretrained.js';
import { restoreWeights } from '../checkpoints/restore-weights.js';
import type { PreparedMethod } from './method.js';

/**
 * Saves and loads the result as a plain model. Existing adapters of the model are first merged into its weights.
 *
 * @example
 * const prepared = { trainable: (name: string) => !name.startsWith('bert.embeddings.'), ...(await wholeModel(model)) };
 */
export async function wholeModel(model: PretrainedModel): Promise<Omit<PreparedMethod, 'trainable'>> {
  if (model.adapters.names.length > 0) await model.adapters.mergeAndUnload();
  return {
    files: () => model.files(),
    keyFile: modelKey,
    load: async (folder) => {
      const saved = model.weights.places.filter(({ name }) => !isOfLoss(name));
      await restoreWeights(joinPath(folder, 'model.safetensors'), await model.weights.engine(), saved);
    },
  };
}
