/** @file Configurations whose kind the file itself tells, by its `model_type`. */
import { joinPath, readTextAtMost } from '#files';
import { resolveModel } from '#hub';
import { parseJson } from '../data/json.js';
import { UserError } from '../errors.js';
import type { ResolveOptions } from '../hub/options.js';
import { bertConfig } from './bert-config.js';
import { gpt2Config } from './gpt2-config.js';
import { llamaConfig } from './llama-config.js';
import type { ConfigFormat, ModelConfig } from './model-config.js';

const formats: readonly ConfigFormat<ModelConfig>[] = [bertConfig, gpt2Config, llamaConfig];

/**
 * Reads configurations of any kind that Multihead knows.
 *
 * @example
 * (await AutoConfig.fromFile('models/gpt2/config.json')).modelType // 'gpt2'
 */
export const AutoConfig = {
  /**
   * Reads `config.json` of a folder. One without `model_type` is taken for BERT's, which had none at first.
   *
   * @throws UserError for a kind of model that Multihead does not have, and for settings that cannot be
   * @example
   * (await AutoConfig.fromPretrained('models/gpt2')).modelType // 'gpt2'
   */
  async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<ModelConfig> {
    return this.fromFile(joinPath(await resolveModel(idOrFolder, { parts: 'config', ...options }), 'config.json'));
  },

  /** Reads a configuration file. */
  async fromFile(path: string): Promise<ModelConfig> {
    const json = parseJson(await readTextAtMost(path), path);
    const modelType = (json as { model_type?: unknown } | null)?.model_type ?? bertConfig.modelType;
    const format = formats.find((format) => format.modelType === modelType);
    if (format) return format.parse(json, path);
    throw new UserError(
      `${path}: model_type is ${JSON.stringify(modelType)}; Multihead knows ` +
        `${formats.map((format) => format.modelType).join(', ')}`,
    );
  },
};
