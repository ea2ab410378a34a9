/**
 * @file Locates a model's files: in its own folder or, for an adapter, in those of its base model and of the adapter.
 */
import { exists, joinPath } from '#files';
import { resolveModel } from '#hub';
import type { ResolveOptions } from '../../hub/options.js';
import { UserError } from '../../platform/errors.js';
import { SafetensorsFile } from '../checkpoint/safetensors.js';
import { adapterKey, adapterWeights, type ModelReference, readAdapterConfig } from './adapter-config.js';
import { parseTensorName } from './adapter-tensors.js';
import { endsWithOne } from './lora-targets.js';

/** Location of a model's files. */
export interface ModelPlace {
  /** The folder with the weights. */
  readonly folder: string;
  /** The folder with `config.json`: an adapter's own, where it has one. */
  readonly configFolder: string;
  /** The folder of the adapter. */
  readonly adapter: string | undefined;
  /** How others find the weights. */
  readonly reference: ModelReference;
}

/** Options of {@link resolveModel}, out of others that may stand beside them. */
const sourceOf = (options: ResolveOptions): ResolveOptions => {
  const { revision, token, cacheDir, localFilesOnly, parts, onNote, onDownload } = options;
  return { revision, token, cacheDir, localFilesOnly, parts, onNote, onDownload };
};

/** Whether a folder holds an adapter. */
export const isAdapter = (folder: string): Promise<boolean> => exists(joinPath(folder, adapterKey));

/**
 * Finds a model's files, on the hub if the name is an id. For an adapter, its base model is located, too.
 *
 * @throws UserError for what is not there
 */
export async function locateModel(idOrFolder: string, options: ResolveOptions = {}): Promise<ModelPlace> {
  const source = sourceOf(options);
  const found = await resolveModel(idOrFolder, source);
  if (!(await isAdapter(found))) {
    return { folder: found, configFolder: found, adapter: undefined, reference: referenceOf(found) };
  }
  const { base } = await readAdapterConfig(found);
  const path = joinPath(found, adapterKey);
  if (!base) {
    throw new UserError(
      `${path}: base_model_name_or_path names no model; write the folder or id of the adapter's base model there`,
    );
  }
  const folder = await resolveModel(base.nameOrPath, { ...source, revision: base.revision }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: the base model: ${error.message}`, { cause: error });
  });
  const hasConfig = await exists(joinPath(found, 'config.json'));
  return { folder, configFolder: hasConfig ? found : folder, adapter: found, reference: base };
}

/**
 * Returns the folder with a model's tokenizer: the model's own or, for an adapter without one, its base model's.
 *
 * @example
 * await tokenizerFolder('runs/intents-lora'); // 'runs/intents-lora'
 */
export async function tokenizerFolder(folder: string): Promise<string> {
  if (!(await exists(folder)) || !(await isAdapter(folder))) return folder;
  for (const name of ['tokenizer.json', 'vocab.txt', 'vocab.json', 'tokenizer.model']) {
    if (await exists(joinPath(folder, name))) return folder;
  }
  return (await locateModel(folder, { parts: 'tokenizer' })).folder;
}

/** How a folder is named for others: one of the hub's cache by its id and commit. */
function referenceOf(folder: string): ModelReference {
  const [, name, revision] = /models--([^/\\]+)[/\\]snapshots[/\\]([0-9a-f]{40})[/\\]?$/.exec(folder) ?? [];
  return name === undefined ? { nameOrPath: folder } : { nameOrPath: name.replace('--', '/'), revision };
}

/** The modules whose values an adapter's folder holds as a whole, by their names in the model. */
export async function modulesInAdapter(folder: string): Promise<string[]> {
  const { settings } = await readAdapterConfig(folder);
  const file = await SafetensorsFile.open(joinPath(folder, adapterWeights));
  const found = new Set<string>();
  for (const tensor of file.names) {
    const parsed = parseTensorName(tensor);
    if (parsed?.kind !== 'saved') continue;
    const parts = parsed.parameter.split('.');
    for (let length = 1; length < parts.length; length++) {
      const module = parts.slice(0, length).join('.');
      if (endsWithOne(module, settings.modulesToSave)) found.add(module);
    }
  }
  return [...found];
}
