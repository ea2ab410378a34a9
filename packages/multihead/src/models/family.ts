/**
 * @file What a family of models is: one folder of models, and one row of the registry. Auto classes, loading, freezing,
 * layer-wise learning rates and export know families by this alone.
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

/** The kinds of heads, under the names that Hugging Face's classes end with, and what each kind of model can do. */
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

/** What a batch holds for a model, under the names that ONNX files of transformers.js have. */
export type InputName = 'input_ids' | 'attention_mask' | 'token_type_ids';

/** How a family's parameters are grouped by depth, by the names of modules of its base model. */
export interface ParameterGroups {
  /** Modules before the layers, such as `embeddings`. */
  readonly embeddings: readonly string[];
  /** The list of layers, such as `encoder.layer`: layer 3 is `encoder.layer.3`. */
  readonly layers: string;
  /** Modules behind the layers, such as `pooler`. */
  readonly top: readonly string[];
}

/** How a family's parameters are called in checkpoints. */
export interface CheckpointNames {
  /** Older names: what a parameter's name matches, and how that part is called there. */
  readonly aliases?: readonly (readonly [pattern: RegExp, alias: string])[];
  /** Tensors that checkpoints carry and no parameter needs: copies of tied weights, masks, numbers that are computed. */
  readonly redundant?: readonly RegExp[];
}

/** What the models of a family have in common. */
export interface Architecture<C extends ModelConfig = ModelConfig> {
  /** Hugging Face's name of the family, which config.json gives: `bert`. */
  readonly modelType: string;
  /** The class of its configurations. */
  readonly config: ConfigClass<C>;
  /** The property that holds the model without its head, whose name checkpoints put before its parameters, or leave out. */
  readonly basePrefix: string;
  /** What a batch holds for its models. */
  readonly inputs: readonly InputName[];
  /** The most tokens of a text. Default: `maxPositionEmbeddings`. */
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

/** A family: what its models have in common, and their classes. */
export interface Family {
  readonly architecture: Architecture;
  /** The model without a head; left out where Multihead has the family with heads only. */
  readonly base?: AnyModelClass<EncoderModel>;
  readonly heads: { readonly [Head in HeadName]?: AnyModelClass<HeadModels[Head]> };
}
