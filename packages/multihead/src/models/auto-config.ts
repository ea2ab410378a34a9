/** @file Configurations whose kind the file itself tells, by its `model_type`. */
import { joinPath } from '#files';
import { type ResolveOptions, resolveOptionNames } from '../hub/options.js';
import { parseJson } from '../platform/json/json.js';
import { checkOptionNames } from '../platform/option-names.js';
import { locateModel } from './adapters/locate-model.js';
import { readConfigText } from './core/config.js';
import type { ModelConfig } from './core/model-config.js';
import { familyOf, typeOfUntyped } from './registry.js';

/**
 * Reads configurations of any family that Multihead knows.
 *
 * @example
 * (await AutoConfig.fromFile('models/gpt2/config.json')).modelType // 'gpt2'
 */
export const AutoConfig = {
  /**
   * Reads `config.json` of a folder, or of a model on the hub by its id: what comes is a `BertConfig`, a `GPT2Config`, ... One without `model_type` is taken for BERT's, which had none at first.
   *
   * @throws UserError for a family that Multihead does not have, and for settings that cannot be
   * @example
   * (await AutoConfig.fromPretrained('models/gpt2')).modelType // 'gpt2'
   */
  async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<ModelConfig> {
    checkOptionNames(options, resolveOptionNames, 'AutoConfig.fromPretrained');
    const { configFolder } = await locateModel(idOrFolder, { parts: 'config', ...options });
    return this.fromFile(joinPath(configFolder, 'config.json'));
  },

  /** Reads a configuration file. */
  async fromFile(path: string): Promise<ModelConfig> {
    const json = parseJson(await readConfigText(path), path);
    const modelType = (json as { model_type?: unknown } | null)?.model_type ?? typeOfUntyped;
    return familyOf(modelType, path).architecture.config.fromJson(json, path);
  },
};
