/** @file `multihead/models`: model families, configurations, weights, adapters, and the parts of a custom family. */
import '../engine/evaluate.js';

export { type DeviceName, deviceNames } from '../engine/devices/registry.js';
export type { DownloadEvent, ResolveOptions } from '../hub/options.js';
export type { AdaptedModel } from '../models/adapters/adapted-model.js';
export type { ModelReference } from '../models/adapters/adapter-config.js';
export { type AdapterOptions, Adapters } from '../models/adapters/adapters.js';
export type { LoraSettings } from '../models/adapters/lora-settings.js';
export { AutoConfig } from '../models/auto-config.js';
export {
  AutoModel,
  type AutoModelClass,
  AutoModelForCausalLM,
  AutoModelForMaskedLM,
  AutoModelForPreTraining,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
  AutoModelForTokenClassification,
} from '../models/auto-model.js';
export { BertModel } from '../models/bert/bert.js';
export { BertConfig } from '../models/bert/config.js';
export {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from '../models/bert/heads.js';
export { BertForPreTraining } from '../models/bert/pretraining.js';
export type { CausalConfig } from '../models/causal/causal-config.js';
export { type CausalInputs, CausalLanguageModel } from '../models/causal/causal-language-model.js';
export type { DecodingModel, TokenConfig } from '../models/causal/decoding-model.js';
export {
  type LlamaLikeConfig,
  type LlamaLikeFormat,
  llamaLikeConfig,
  llamaSizes,
} from '../models/causal/llama-like/config.js';
export type { LayerTraits } from '../models/causal/llama-like/decoder.js';
export type { LayerType, LayerTypeConfig } from '../models/causal/llama-like/layer-types.js';
export { LlamaLikeForCausalLM, llamaLikeArchitecture } from '../models/causal/llama-like/model.js';
export type { QwenWindowConfig } from '../models/causal/llama-like/qwen-window.js';
export type { RotaryConfig } from '../models/causal/llama-like/rotary-settings.js';
export { SafetensorsFile, type TensorToWrite, writeSafetensors } from '../models/checkpoint/safetensors.js';
export type { TensorInfo } from '../models/checkpoint/safetensors-header.js';
export type { TiedWeights } from '../models/checkpoint/tied-weights.js';
export {
  type ConfigClass,
  type ConfigFormat,
  type ConfigOptions,
  configClass,
  type ModelConfig,
  type OwnSettings,
} from '../models/core/config.js';
export type { ConfigKeys, RefusedKey } from '../models/core/config-keys.js';
export type { LabelledConfig } from '../models/core/label-settings.js';
export {
  type ExportedOutputsOptions,
  type ModelInputs,
  type ModelOutputs,
  modelInputs,
  type PredictOptions,
} from '../models/core/model.js';
export { ConfigReader, type SettingsOrigin } from '../models/core/model-config.js';
export type { ReadLimits } from '../models/core/number-limits.js';
export type {
  BaseModelOutput,
  FloatTensor,
  LogitsOutput,
  ModelBatch,
  NextSentenceOutput,
  PredictedStates,
  QuestionAnsweringOutput,
  TokenRows,
} from '../models/core/predictions.js';
export {
  type AdaptedConfig,
  type FromConfigOptions,
  type FromPretrainedOptions,
  type LoadingReport,
  type ModelClass,
  PretrainedModel,
  type SaveOptions,
} from '../models/core/pretrained.js';
export { type QuantizeOptions, quantize } from '../models/core/quantize.js';
export type { Weights } from '../models/core/weights.js';
export { DistilBertConfig } from '../models/distilbert/config.js';
export { DistilBertModel } from '../models/distilbert/distilbert.js';
export {
  DistilBertForMaskedLM,
  DistilBertForQuestionAnswering,
  DistilBertForSequenceClassification,
  DistilBertForTokenClassification,
} from '../models/distilbert/heads.js';
export { type DtypeName, dtypeNames } from '../models/dtypes.js';
export { ElectraConfig } from '../models/electra/config.js';
export { ElectraModel } from '../models/electra/electra.js';
export {
  ElectraForQuestionAnswering,
  ElectraForSequenceClassification,
  ElectraForTokenClassification,
} from '../models/electra/heads.js';
export { ElectraForMaskedLM, ElectraForPreTraining } from '../models/electra/pretraining.js';
export {
  type BertLikeConfig,
  type BertLikeFormat,
  bertLikeConfig,
  bertSizes,
  type ClassifierPooling,
  type EncoderConfig,
} from '../models/encoder/encoder-config.js';
export {
  EncoderWithHead,
  MaskedLanguageModel,
  NextSentenceModel,
  QuestionAnsweringModel,
  SequenceClassificationModel,
  TokenClassificationModel,
} from '../models/encoder/encoder-heads.js';
export { EncoderModel, type EncoderParts } from '../models/encoder/encoder-model.js';
export {
  type EncoderLayer,
  type EncoderPass,
  EncoderStack,
  type EncoderStates,
} from '../models/encoder/encoder-stack.js';
export type {
  AnyModelClass,
  Architecture,
  CheckpointNames,
  Family,
  HeadModels,
  HeadName,
  InputName,
  ParameterGroups,
} from '../models/family.js';
export { GPT2Config } from '../models/gpt2/config.js';
export { GPT2LMHeadModel } from '../models/gpt2/gpt2.js';
export { LlamaConfig } from '../models/llama/config.js';
export { LlamaForCausalLM } from '../models/llama/llama.js';
export { readLlama2c } from '../models/llama/llama2c.js';
export { MistralConfig } from '../models/mistral/config.js';
export { MistralForCausalLM } from '../models/mistral/mistral.js';
export { Qwen2Config } from '../models/qwen2/config.js';
export { Qwen2ForCausalLM } from '../models/qwen2/qwen2.js';
export { Qwen3Config } from '../models/qwen3/config.js';
export { Qwen3ForCausalLM } from '../models/qwen3/qwen3.js';
export { families, modelTypes, registerFamily } from '../models/registry.js';
export { RobertaConfig, XLMRobertaConfig } from '../models/roberta/config.js';
export {
  RobertaForMaskedLM,
  RobertaForQuestionAnswering,
  RobertaForSequenceClassification,
  RobertaForTokenClassification,
} from '../models/roberta/heads.js';
export { RobertaModel } from '../models/roberta/roberta.js';
export {
  XLMRobertaForMaskedLM,
  XLMRobertaForQuestionAnswering,
  XLMRobertaForSequenceClassification,
  XLMRobertaForTokenClassification,
  XLMRobertaModel,
} from '../models/roberta/xlm-roberta.js';
export { SmolLM3Config } from '../models/smollm3/config.js';
export { SmolLM3ForCausalLM } from '../models/smollm3/smollm3.js';
