/**
 * @file A model's configuration: Hugging Face's config.json with names in camelCase.
 *
 * Each kind of model has a format of its own; where none is named, BERT's is meant. What is not known is kept, and written
 * back as it was.
 */
import { exists, joinPath, readTextAtMost } from '#files';
import { parseJson } from '../data/json.js';
import { UserError } from '../errors.js';
import { type BertConfig, bertConfig } from './bert-config.js';
import type { ConfigFormat, ModelConfig } from './model-config.js';

export type { BertConfig } from './bert-config.js';
export type { ConfigFormat, ModelConfig } from './model-config.js';

/**
 * Takes a configuration out of config.json's contents.
 *
 * @param where the file's name, for errors
 * @throws UserError naming the file and the setting that cannot be
 * @example
 * parseConfig({ model_type: 'bert', hidden_size: 384, num_attention_heads: 12 }, 'config.json').hiddenSize // 384
 * parseConfig({ n_embd: 128, n_head: 4 }, 'config.json', gpt2Config).headDim                              // 32
 */
export function parseConfig(json: unknown, where: string): BertConfig;
/**
 * Takes a configuration of another kind than BERT's out of config.json's contents.
 *
 * @param format the kind of configuration, such as `gpt2Config`
 */
export function parseConfig<C extends ModelConfig>(json: unknown, where: string, format: ConfigFormat<C>): C;
export function parseConfig(json: unknown, where: string, format: ConfigFormat<ModelConfig> = bertConfig): ModelConfig {
  return format.parse(json, where);
}

/**
 * Reads the configuration of a model folder: BERT's where no format is named.
 *
 * @example
 * (await readConfig('models/minilm')).hiddenSize // 384
 */
export function readConfig(folder: string): Promise<BertConfig>;
export function readConfig<C extends ModelConfig>(folder: string, format: ConfigFormat<C>): Promise<C>;
export function readConfig(folder: string, format: ConfigFormat<ModelConfig> = bertConfig): Promise<ModelConfig> {
  return readConfigFile(joinPath(folder, 'config.json'), format);
}

/**
 * Reads a configuration file: BERT's where no format is named.
 *
 * @example
 * const model = BertModel.fromConfig(await readConfigFile('config.json'));
 */
export function readConfigFile(path: string): Promise<BertConfig>;
export function readConfigFile<C extends ModelConfig>(path: string, format: ConfigFormat<C>): Promise<C>;
export async function readConfigFile(
  path: string,
  format: ConfigFormat<ModelConfig> = bertConfig,
): Promise<ModelConfig> {
  return format.parse(parseJson(await readConfigText(path), path), path);
}

/** A config.json's text. Where it is missing beside weights, a model was cut off in the middle of being replaced. */
export async function readConfigText(path: string): Promise<string> {
  const weights = joinPath(path, '..', 'model.safetensors');
  if (isConfigName(path) && !(await exists(path)) && (await exists(weights))) {
    throw new UserError(
      `${path}: no such file, although ${weights} is there. A run that was killed while it replaced the model leaves a ` +
        'folder so: resume with --resume, or save the model anew. If the folder was copied, copy config.json, too.',
    );
  }
  if (isConfigName(path) && !(await exists(path)) && (await exists(joinPath(path, '..')))) {
    throw new UserError(
      `${path}: no such file. A model folder holds config.json, model.safetensors and tokenizer.json or vocab.txt; is this ` +
        'the right folder?',
    );
  }
  return readTextAtMost(path);
}

const isConfigName = (path: string): boolean => /(^|[\\/])config\.json$/.test(path);
