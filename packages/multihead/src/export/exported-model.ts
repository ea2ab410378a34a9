/** @file The class of model that an ONNX file is made of: the folder's own, or the one that programs expect in its place. */

import { autoModelFor } from '../models/auto-model.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import { loadArchitecture } from '../models/load-architecture.js';
import { familyOf } from '../models/registry.js';
import { UserError } from '../platform/errors.js';

/**
 * Loads the model of a folder for export. A model with several pretraining heads is exported with that of masked words,
 * which is what `fill-mask` runs. An adapter is merged.
 *
 * @throws UserError for a model whose head was never trained
 */
export async function loadForExport(folder: string): Promise<PretrainedModel> {
  const own = await loadArchitecture(folder);
  const { heads } = familyOf(own.config.modelType, folder);
  const isPretraining = heads.PreTraining !== undefined && own.constructor.name === heads.PreTraining.name;
  const model = isPretraining && heads.MaskedLM ? await autoModelFor('MaskedLM').fromPretrained(folder) : own;
  if (model !== own) await own.dispose();
  const { newlyInitialized = [] } = model.loadingReport ?? {};
  if (newlyInitialized.length > 0) {
    throw new UserError(
      `${folder}: ${model.constructor.name} lacks trained weights (${newlyInitialized.join(', ')}); train the model first`,
    );
  }
  if (model.adapters.active !== undefined) await model.adapters.mergeAndUnload();
  return model;
}
