/** @file Opens the weights of a model folder: one safetensors file, or several with an index. */
import { exists, joinPath } from '#files';
import { UserError } from '../../platform/errors.js';
import { SafetensorsFile } from './safetensors.js';
import { safetensorsIndex } from './sharded-files.js';
import { ShardedSafetensors } from './sharded-safetensors.js';

/** The weights of a folder, in one file or in several; only the headers are read. */
export const openWeights = async (folder: string): Promise<SafetensorsFile | ShardedSafetensors> =>
  openWeightsFile(await weightsFile(folder));

/** The weights of a file, or of the files that an index names. */
export const openWeightsFile = (path: string): Promise<SafetensorsFile | ShardedSafetensors> =>
  path.endsWith('.index.json') ? ShardedSafetensors.open(joinPath(path, '..'), path) : SafetensorsFile.open(path);

/**
 * Finds a folder's weights: the path of `model.safetensors`, or of the index of a sharded checkpoint.
 *
 * @throws UserError for a folder without either; it names weights in formats that are not read
 */
export async function weightsFile(folder: string): Promise<string> {
  const path = joinPath(folder, 'model.safetensors');
  if (await exists(path)) return path;
  const index = joinPath(folder, safetensorsIndex);
  if (await exists(index)) return index;
  if (await exists(joinPath(folder, 'pytorch_model.bin'))) {
    throw new UserError(
      `${folder}: has pytorch_model.bin but no model.safetensors. A pickle can run code, so it is not read: convert it ` +
        'in Python with model.save_pretrained(folder), which writes safetensors.',
    );
  }
  if (/\/snapshots\/[0-9a-f]{40}\/?$/.test(folder)) {
    throw new UserError(
      `${folder}: the cache has only a part of this model, without model.safetensors. Run once online, without ` +
        'HF_HUB_OFFLINE, and the rest is fetched.',
    );
  }
  throw new UserError(
    `${folder}: no model.safetensors. Give a folder in Hugging Face's layout, or train from scratch.`,
  );
}
