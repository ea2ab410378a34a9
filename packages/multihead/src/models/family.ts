/**
 * @file The contract of a model family: one folder of models and one row of the registry. Auto classes, loading,
 *   freezing, layer-wise learning rates and export depend on this contract only.
 */
import type { CausalLanguageModel } from './causal/causal-language-model.js';
import type { ConfigClass } from './core/config.js';
import type { ModelConfig } from './core/model-config.js';
import type { PretrainedModel } from './core/pretrained.js';
import type {
  EncoderWithHead,
  MaskedLanguageModel,
  QuestionAnsweringModel,
  SequenceClassificationModel,
  TokenClassificationModel,
} from './encoder/encoder-heads.js';
import type { EncoderModel } from './encoder/encoder-model.js';

/** The kinds of heads, by the suffix of Hugging Face's class names, and the model type of each. */
export interface HeadModels {
  MaskedLM: MaskedLanguageModel;
  CausalLM: CausalLanguageModel;
  SequenceClassification: SequenceClassificationModel;
  TokenClassification: TokenClassificationModel;
  QuestionAnswering: QuestionAnsweringModel;
  PreTraining: EncoderWithHead;
}

/** The name of a kind of head: `MaskedLM`, `SequenceClassification`, ... */
export type HeadName = keyof HeadModels;

/** An input of a model, by its name in transformers.js's ONNX files. */
export type InputName = 'input_ids' | 'attention_mask' | 'token_type_ids';

/** Grouping of a family's parameters by depth, by module names of its base model. */
export interface ParameterGroups {
  /** Modules before the layers, such as `embeddings`. */
  readonly embeddings: readonly string[];
  /** The list of layers, such as `encoder.layer`: layer 3 is `encoder.layer.3`. */
  readonly layers: string;
  /** Modules after the layers, such as `pooler`. */
  readonly top: readonly string[];
}

/** Names of a family's parameters in checkpoints. */
export interface CheckpointNames {
  /** Older names: a pattern in the parameter's name, and its replacement in the checkpoint. */
  readonly aliases?: readonly (readonly [pattern: RegExp, alias: string])[];
  /** Tensors in checkpoints that no parameter needs: copies of tied weights, masks, computed constants. */
  readonly redundant?: readonly RegExp[];
}

/** The architecture shared by the models of a family. */
export interface Architecture<C extends ModelConfig = ModelConfig> {
  /** Hugging Face's name of the family, which config.json gives: `bert`. */
  readonly modelType: string;
  /** The family's configuration class. */
  readonly config: ConfigClass<C>;
  /** Property with the model without its head; its name is an optional prefix of parameter names in checkpoints. */
  readonly basePrefix: string;
  /** Inputs of the family's models. */
  readonly inputs: readonly InputName[];
  /** Maximum number of tokens of a text. Default: `maxPositionEmbeddings`. */
  maxLength?(config: C): number;
  readonly parameterGroups: ParameterGroups;
  readonly checkpoint?: CheckpointNames;
}

/** A class of models of whatever configuration. */
export interface AnyModelClass<M extends PretrainedModel = PretrainedModel> {
  new (config: never): M;
  readonly name: string;
  readonly prototype: M;
  readonly architecture: Architecture;
}

/** A model family: its architecture and its model classes. */
export interface Family {
  readonly architecture: Architecture;
  /** The model without a head; omitted if the family has models with heads only. */
  readonly base?: AnyModelClass<EncoderModel>;
  readonly heads: { readonly [Head in HeadName]?: AnyModelClass<HeadModels[Head]> };
}
