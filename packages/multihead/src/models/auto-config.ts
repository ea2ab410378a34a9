/** @file Loads configurations whose class is determined by the file's `model_type`. */
import { joinPath } from '#files';
import { type ResolveOptions, resolveOptionNames } from '../hub/options.js';
import { parseJson } from '../platform/json/json.js';
import { checkOptionNames } from '../platform/option-names.js';
import { locateModel } from './adapters/locate-model.js';
import { readConfigText } from './core/config.js';
import type { ModelConfig } from './core/model-config.js';
import { familyOf, typeOfUntyped } from './registry.js';

/**
 * Loads the configuration of any registered model family.
 *
 * @example
 * (await AutoConfig.fromFile('models/gpt2/config.json')).modelType // 'gpt2'
 */
export const AutoConfig = {
  /**
   * Loads `config.json` from a folder or, by id, from the hub, as a `BertConfig`, a `GPT2Config`, ... A file without
   * `model_type` is read as BERT's, which originally had none.
   *
   * @throws UserError for an unknown family and for invalid settings
   * @example
   * (await AutoConfig.fromPretrained('models/gpt2')).modelType // 'gpt2'
   */
  async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<ModelConfig> {
    checkOptionNames(options, resolveOptionNames, 'AutoConfig.fromPretrained');
    const { configFolder } = await locateModel(idOrFolder, { parts: 'config', ...options });
    return this.fromFile(joinPath(configFolder, 'config.json'));
  },

  /** Loads a configuration file. */
  async fromFile(path: string): Promise<ModelConfig> {
    const json = parseJson(await readConfigText(path), path);
    const modelType = (json as { model_type?: unknown } | null)?.model_type ?? typeOfUntyped;
    return familyOf(modelType, path).architecture.config.fromJson(json, path);
  },
};
