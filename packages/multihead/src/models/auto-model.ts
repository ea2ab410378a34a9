/** @file Models whose class the folder itself tells. */
import { joinPath } from '#files';
import { resolveModel } from '#hub';
import { parseJson } from '../data/json.js';
import { UserError } from '../errors.js';
import type { CausalConfig } from './causal-config.js';
import type { CausalLanguageModel } from './causal-language-model.js';
import { readConfigText } from './config.js';
import { GPT2LMHeadModel } from './gpt2.js';
import { LlamaForCausalLM } from './llama.js';
import { type FromPretrainedOptions, loadPretrained } from './pretrained.js';

/**
 * Loads causal language models of any architecture that Multihead has.
 *
 * @example
 * const model = await AutoModelForCausalLM.fromPretrained('models/gpt2');
 */
export const AutoModelForCausalLM = {
  /**
   * Reads a folder's `config.json` and `model.safetensors`; the class follows from `model_type`.
   *
   * @throws UserError for an architecture that is none of them, and for what `fromPretrained` refuses
   * @example
   * const model = await AutoModelForCausalLM.fromPretrained('models/stories260K');
   * model.config.modelType; // 'llama'
   */
  async fromPretrained(
    idOrFolder: string,
    options: FromPretrainedOptions<CausalConfig> = {},
  ): Promise<CausalLanguageModel> {
    const folder = await resolveModel(idOrFolder, options);
    const path = joinPath(folder, 'config.json');
    const json = parseJson(await readConfigText(path), path) as { model_type?: unknown } | null;
    switch (json?.model_type) {
      case 'gpt2':
        return loadPretrained(GPT2LMHeadModel, folder, options);
      case 'llama':
        return loadPretrained(LlamaForCausalLM, folder, options);
      default:
        throw new UserError(
          `${path}: model_type is ${JSON.stringify(json?.model_type ?? null)}; a causal language model was expected: ` +
            'gpt2 or llama',
        );
    }
  },
};
