/** @file Loads models whose class is determined by the folder's `model_type` and the requested head. */
import { joinPath } from '#files';
import { UserError } from '../platform/errors.js';
import { parseJson } from '../platform/json/json.js';
import { checkOptionNames } from '../platform/option-names.js';
import { locateModel } from './adapters/locate-model.js';
import { readConfigText } from './core/config.js';
import { loadPretrained, randomModel } from './core/load-pretrained.js';
import type { ModelConfig } from './core/model-config.js';
import type { FromConfigOptions, FromPretrainedOptions, ModelClass, PretrainedModel } from './core/pretrained.js';
import { fromPretrainedOptionNames } from './core/pretrained-options.js';
import type { EncoderModel } from './encoder/encoder-model.js';
import type { AnyModelClass, Family, HeadModels, HeadName } from './family.js';
import { families, familyOf, typeOfUntyped } from './registry.js';

/** An Auto class: loads or creates models of any family, with a certain head. */
export interface AutoModelClass<M extends PretrainedModel> {
  /**
   * Loads a model from a folder (`config.json` and `model.safetensors`) or, by id, from the hub.
   *
   * @throws UserError for a family without such a model, and for what `fromPretrained` of its class refuses
   */
  fromPretrained(idOrFolder: string, options?: FromPretrainedOptions<M['config']>): Promise<M>;
  /** Creates a model with random weights. */
  fromConfig(config: ModelConfig, options?: FromConfigOptions): M;
}

/** The name of an Auto class. */
const nameOf = (head: HeadName | undefined): string => (head ? `AutoModelFor${head}` : 'AutoModel');

/** A family's class for a head, or without one. */
function classIn({ base, heads }: Family, head: HeadName | undefined): AnyModelClass | undefined {
  return head ? heads[head] : base;
}

/** The class of a `model_type` for a head, or an error that names the families that have one. */
function classFor(modelType: unknown, head: HeadName | undefined, where: string): AnyModelClass {
  const found = classIn(familyOf(modelType, where), head);
  if (found) return found;
  const others = families()
    .filter((family) => classIn(family, head))
    .map(({ architecture }) => architecture.modelType);
  throw new UserError(
    `${where}: model_type is ${JSON.stringify(modelType)}, of which there is no ${nameOf(head)}; there is one of ` +
      `${others.join(', ')}`,
  );
}

function autoModel<M extends PretrainedModel>(head?: HeadName): AutoModelClass<M> {
  return {
    async fromPretrained(idOrFolder, options = {}) {
      checkOptionNames(options, fromPretrainedOptionNames, `${nameOf(head)}.fromPretrained`);
      const { folder, configFolder, adapter } = await locateModel(idOrFolder, options);
      const path = joinPath(configFolder, 'config.json');
      const json = parseJson(await readConfigText(path), path) as { model_type?: unknown } | null;
      const modelClass = classFor(json?.model_type ?? typeOfUntyped, head, path);
      return loadPretrained(modelClass as unknown as ModelClass<M>, adapter ?? folder, options);
    },
    fromConfig(config, options) {
      const modelClass = classFor(config.modelType, head, `${nameOf(head)}.fromConfig`);
      return randomModel(modelClass as unknown as ModelClass<M>, config, options);
    },
  };
}

/** The Auto class of a head, or of models without one. */
export const autoModelFor = <Head extends HeadName | 'Model'>(
  head: Head,
): AutoModelClass<Head extends HeadName ? HeadModels[Head] : EncoderModel> =>
  autoModel(head === 'Model' ? undefined : (head as HeadName));

/**
 * Loads an encoder without a head.
 *
 * @example
 * const model = await AutoModel.fromPretrained('models/minilm');
 * const { lastHiddenState } = await model.predict(batch);
 */
export const AutoModel: AutoModelClass<EncoderModel> = autoModel();

/**
 * Loads a masked language model.
 *
 * @example
 * const model = await AutoModelForMaskedLM.fromPretrained('models/mini');
 */
export const AutoModelForMaskedLM: AutoModelClass<HeadModels['MaskedLM']> = autoModelFor('MaskedLM');

/**
 * Loads a causal language model.
 *
 * @example
 * const model = await AutoModelForCausalLM.fromPretrained('models/stories260K');
 * model.config.modelType; // 'llama'
 */
export const AutoModelForCausalLM: AutoModelClass<HeadModels['CausalLM']> = autoModelFor('CausalLM');

/**
 * Loads a model for sequence classification.
 *
 * @example
 * const model = await AutoModelForSequenceClassification.fromPretrained('models/mini', {
 *   config: { id2label: ['negative', 'positive'] },
 * });
 */
export const AutoModelForSequenceClassification: AutoModelClass<HeadModels['SequenceClassification']> =
  autoModelFor('SequenceClassification');

/**
 * Loads a model for token classification.
 *
 * @example
 * const model = await AutoModelForTokenClassification.fromPretrained('runs/entities');
 */
export const AutoModelForTokenClassification: AutoModelClass<HeadModels['TokenClassification']> =
  autoModelFor('TokenClassification');

/**
 * Loads a model for extractive question answering.
 *
 * @example
 * const model = await AutoModelForQuestionAnswering.fromPretrained('runs/qa');
 */
export const AutoModelForQuestionAnswering: AutoModelClass<HeadModels['QuestionAnswering']> =
  autoModelFor('QuestionAnswering');

/**
 * Loads a model with the pretraining heads of its family.
 *
 * @example
 * const model = await AutoModelForPreTraining.fromPretrained('models/mini');
 */
export const AutoModelForPreTraining: AutoModelClass<HeadModels['PreTraining']> = autoModelFor('PreTraining');
