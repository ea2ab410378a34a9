/** @file The registry of model families. A new family is one folder and one row here. */
import { UserError } from '../platform/errors.js';
import { bertArchitecture } from './bert/architecture.js';
import { BertModel } from './bert/bert.js';
import {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from './bert/heads.js';
import { BertForPreTraining } from './bert/pretraining.js';
import { distilbert } from './distilbert/family.js';
import { electra } from './electra/family.js';
import type { Family, HeadName } from './family.js';
import { GPT2LMHeadModel } from './gpt2/gpt2.js';
import { LlamaForCausalLM } from './llama/llama.js';
import { MistralForCausalLM } from './mistral/mistral.js';
import { Qwen2ForCausalLM } from './qwen2/qwen2.js';
import { Qwen3ForCausalLM } from './qwen3/qwen3.js';
import { roberta } from './roberta/family.js';
import { xlmRoberta } from './roberta/xlm-roberta.js';
import { SmolLM3ForCausalLM } from './smollm3/smollm3.js';

/** The `model_type` of a config.json that has none: BERT's had none at first. */
export const typeOfUntyped = bertArchitecture.modelType;

const registered = new Map<string, Family>();

/**
 * Registers a model family with the Auto classes, pipelines and the command line.
 *
 * @throws UserError if a family with this `modelType` exists
 * @example
 * // A family of BERT's models under another name, as config.json gives it.
 * class AcmeModel extends BertModel {
 *   static override readonly architecture = { ...BertModel.architecture, modelType: 'acme' };
 * }
 * registerFamily({ architecture: AcmeModel.architecture, base: AcmeModel, heads: {} });
 */
export function registerFamily(family: Family): void {
  const { modelType } = family.architecture;
  if (registered.has(modelType)) throw new UserError(`registerFamily: there is a family "${modelType}" already`);
  registered.set(modelType, family);
}

const bert: Family = {
  architecture: bertArchitecture,
  base: BertModel,
  heads: {
    MaskedLM: BertForMaskedLM,
    SequenceClassification: BertForSequenceClassification,
    TokenClassification: BertForTokenClassification,
    QuestionAnswering: BertForQuestionAnswering,
    PreTraining: BertForPreTraining,
  },
};
/** Families that have causal language models alone. */
const decoders = [
  GPT2LMHeadModel,
  LlamaForCausalLM,
  MistralForCausalLM,
  Qwen2ForCausalLM,
  Qwen3ForCausalLM,
  SmolLM3ForCausalLM,
].map((model): Family => ({ architecture: model.architecture, heads: { CausalLM: model } }));

for (const family of [bert, roberta, xlmRoberta, distilbert, electra, ...decoders]) registerFamily(family);

/**
 * Returns all families, in the order of their registration.
 *
 * @example
 * families().map(({ architecture }) => architecture.modelType); // ['bert', 'roberta', ...]
 */
export const families = (): readonly Family[] => [...registered.values()];

/**
 * Returns the names of all families or, given a head, of those that have it.
 *
 * @example
 * modelTypes('CausalLM'); // ['gpt2', 'llama', 'mistral', ...]
 */
export const modelTypes = (head?: HeadName): string[] =>
  families()
    .filter(({ heads }) => head === undefined || heads[head] !== undefined)
    .map(({ architecture }) => architecture.modelType);

/**
 * Looks up a family by `model_type`.
 *
 * @param where the file that names it, for the error
 * @throws UserError for an unknown family
 */
export function familyOf(modelType: unknown, where: string): Family {
  const family = registered.get(String(modelType));
  if (family) return family;
  throw new UserError(
    `${where}: model_type is ${JSON.stringify(modelType ?? null)}; Multihead knows ${modelTypes().join(', ')}`,
  );
}
