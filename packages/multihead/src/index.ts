/** @file Everyday things: pipelines, Auto classes, the Trainer, tasks, readers of data. The rest is in `multihead/models`, `/data`, ...; see docs/from-hugging-face.md. */
import './engine/evaluate.js';

export { type ConvertedModel, type ConvertGgufOptions, convertGguf } from './convert/gguf/convert-gguf.js';
export { type DeviceName, deviceNames } from './engine/devices/registry.js';
export { type ExportedFile, type ExportOptions, exportModel } from './export/export-model.js';
export * from './exports/data.js';
export * from './exports/text.js';
export type { DownloadEvent, ResolveOptions } from './hub/options.js';
export { generationSchema } from './inference/generation/generation-schema.js';
export type { GenerationOptions } from './inference/generation/options.js';
export type { ChatPromptOptions, Prompt } from './inference/generation/prompts.js';
export type {
  GeneratedConversation,
  GeneratedText,
  TextGenerationOptions,
  TextGenerationPipeline,
} from './inference/generation/text-generation.js';
export { type OptionsOf, type PipelineName, pipeline } from './inference/pipeline.js';
export type { PipelineOptions } from './inference/pipeline-options.js';
export type {
  FeatureExtractionOptions,
  FeatureExtractionPipeline,
  TextOrTokenIds,
} from './inference/pipelines/feature-extraction.js';
export type { FillMaskOptions, FillMaskPipeline, MaskFill, MaskFills } from './inference/pipelines/fill-mask.js';
export {
  definePipeline,
  type PipelineCommands,
  type PipelineDefinition,
  registerPipeline,
} from './inference/registry.js';
export type { LoraSettings } from './models/adapters/lora-settings.js';
export { AutoConfig } from './models/auto-config.js';
export {
  AutoModel,
  type AutoModelClass,
  AutoModelForCausalLM,
  AutoModelForMaskedLM,
  AutoModelForPreTraining,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
  AutoModelForTokenClassification,
} from './models/auto-model.js';
export { BertModel } from './models/bert/bert.js';
export { BertConfig } from './models/bert/config.js';
export {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from './models/bert/heads.js';
export { BertForPreTraining } from './models/bert/pretraining.js';
export type { PredictOptions } from './models/core/model.js';
export type {
  BaseModelOutput,
  FloatTensor,
  LogitsOutput,
  ModelBatch,
  NextSentenceOutput,
  PredictedStates,
  QuestionAnsweringOutput,
  TokenRows,
} from './models/core/predictions.js';
export {
  type FromConfigOptions,
  type FromPretrainedOptions,
  type LoadingReport,
  PretrainedModel,
  type SaveOptions,
} from './models/core/pretrained.js';
export { type QuantizeOptions, quantize } from './models/core/quantize.js';
export { DistilBertConfig } from './models/distilbert/config.js';
export { DistilBertModel } from './models/distilbert/distilbert.js';
export {
  DistilBertForMaskedLM,
  DistilBertForQuestionAnswering,
  DistilBertForSequenceClassification,
  DistilBertForTokenClassification,
} from './models/distilbert/heads.js';
export { type DtypeName, dtypeNames } from './models/dtypes.js';
export { ElectraConfig } from './models/electra/config.js';
export { ElectraModel } from './models/electra/electra.js';
export {
  ElectraForQuestionAnswering,
  ElectraForSequenceClassification,
  ElectraForTokenClassification,
} from './models/electra/heads.js';
export { ElectraForMaskedLM, ElectraForPreTraining } from './models/electra/pretraining.js';
export { GPT2Config } from './models/gpt2/config.js';
export { GPT2LMHeadModel } from './models/gpt2/gpt2.js';
export { LlamaConfig } from './models/llama/config.js';
export { LlamaForCausalLM } from './models/llama/llama.js';
export { readLlama2c } from './models/llama/llama2c.js';
export { MistralConfig } from './models/mistral/config.js';
export { MistralForCausalLM } from './models/mistral/mistral.js';
export { Qwen2Config } from './models/qwen2/config.js';
export { Qwen2ForCausalLM } from './models/qwen2/qwen2.js';
export { Qwen3Config } from './models/qwen3/config.js';
export { Qwen3ForCausalLM } from './models/qwen3/qwen3.js';
export { modelTypes, registerFamily } from './models/registry.js';
export { RobertaConfig, XLMRobertaConfig } from './models/roberta/config.js';
export {
  RobertaForMaskedLM,
  RobertaForQuestionAnswering,
  RobertaForSequenceClassification,
  RobertaForTokenClassification,
} from './models/roberta/heads.js';
export { RobertaModel } from './models/roberta/roberta.js';
export {
  XLMRobertaForMaskedLM,
  XLMRobertaForQuestionAnswering,
  XLMRobertaForSequenceClassification,
  XLMRobertaForTokenClassification,
  XLMRobertaModel,
} from './models/roberta/xlm-roberta.js';
export type { SentencePooling } from './models/sentences/sentence-poolings.js';
export type { Pooling } from './models/sentences/sentence-vectors.js';
export { SmolLM3Config } from './models/smollm3/config.js';
export { SmolLM3ForCausalLM } from './models/smollm3/smollm3.js';
export { UserError } from './platform/errors.js';
export type { OptionMeta } from './platform/option-schemas.js';
export type { CachedLoss } from './tasks/cached-loss.js';
export {
  defineTask,
  type EvaluatedExamples,
  type MistakeReport,
  type OptionValues,
  type Reading,
  type Shown,
  type TaskCommands,
  type TaskContext,
  type TaskDefinition,
  type TaskFolder,
  type TaskOptions,
  type TrainingData,
  type TrainingSources,
  type UsualTraining,
} from './tasks/define-task.js';
export {
  type Feature,
  type TextsFeature,
  type TokenFeature,
  type Tokens,
  textsFeature,
  tokenFeature,
} from './tasks/feature.js';
export type { Outcome } from './tasks/outcome.js';
export { defineService, type PipelineService } from './tasks/pipeline-service.js';
export * from './tasks/pipelines.js';
export {
  evaluateExamples,
  type PredictExamplesOptions,
  type PredictingModel,
  type PredictingTask,
  predictExamples,
} from './tasks/predict.js';
export { CausalLanguageModeling } from './tasks/pretraining/causal-language-modeling.js';
export {
  type DistillationOptions,
  DistilledLanguageModeling,
  type TaughtFeature,
} from './tasks/pretraining/distillation.js';
export {
  evaluateLanguageModel,
  type Guesses,
  type LanguageModelingTask,
} from './tasks/pretraining/language-modeling.js';
export {
  MaskedLanguageModeling,
  type MaskedLanguageModelingOptions,
} from './tasks/pretraining/masked-language-modeling.js';
export { NextSentencePrediction, type SentencePairFeature } from './tasks/pretraining/next-sentence-prediction.js';
export type { AnswerSpan } from './tasks/question-answering/answer-spans.js';
export type {
  AnswerOptions,
  QuestionAnsweringPipeline,
  QuestionInput,
} from './tasks/question-answering/pipeline.js';
export {
  type AnswerPrediction,
  QuestionAnswering,
  type QuestionAnsweringOptions,
  type ScoredAnswer,
  type WindowAnswers,
  type WindowFeature,
} from './tasks/question-answering/question-answering.js';
export { registerTask, taskNamed, taskNames, tasks } from './tasks/registry.js';
export { type ChosenLoss, type LossChoice, lossOf } from './tasks/sentence-similarity/losses/choose-loss.js';
export type { Matryoshka } from './tasks/sentence-similarity/losses/matryoshka.js';
export {
  type BuiltInSimilarityLoss,
  registerSimilarityLoss,
  type SimilarityLossName,
  similarityLosses,
  similarityLossNamed,
} from './tasks/sentence-similarity/losses/registry.js';
export {
  defineSimilarityLoss,
  type LabelKind,
  type LossLayer,
  type LossParts,
  type SimilarityLoss,
} from './tasks/sentence-similarity/losses/similarity-loss.js';
export type { SentenceSimilarityPipeline, SentencesToCompare } from './tasks/sentence-similarity/pipeline.js';
export { SentenceSimilarity, type SimilarityFeature } from './tasks/sentence-similarity/sentence-similarity.js';
export type { SentenceSimilarityOptions } from './tasks/sentence-similarity/sentence-similarity-options.js';
export type { DecodedTexts, SimilarityPrediction } from './tasks/sentence-similarity/similarity-prediction.js';
export type { Confusion, Evaluation, Fitting, MetricsCollector, Task, TrainingTask } from './tasks/task.js';
export { balancedClassWeights, classWeightsByName } from './tasks/text-classification/class-weights.js';
export {
  FewShotClassification,
  type FewShotClassificationOptions,
  fewShotTraining,
  type PairFeature,
} from './tasks/text-classification/few-shot.js';
export { type LinearProbeOptions, linearProbe } from './tasks/text-classification/linear-probe.js';
export type {
  ClassifyOptions,
  TextClassificationPipeline,
  TextPair,
} from './tasks/text-classification/pipeline.js';
export {
  type ClassificationFeature,
  classificationTask,
  type LabelScore,
  TextClassification,
  type TextClassificationOptions,
} from './tasks/text-classification/text-classification.js';
export type { CrossEncoderActivation } from './tasks/text-ranking/cross-encoder-files.js';
export {
  defineRankingLoss,
  type RankingLoss,
  type RankingLossParts,
} from './tasks/text-ranking/losses/ranking-loss.js';
export {
  type BuiltInRankingLoss,
  type RankingLossName,
  rankingLosses,
  rankingLossNamed,
  registerRankingLoss,
} from './tasks/text-ranking/losses/registry.js';
export type { DocumentsToRank, RankOptions, TextRankingPipeline } from './tasks/text-ranking/pipeline.js';
export type { RankedDocument } from './tasks/text-ranking/ranked.js';
export { type RankingFeature, TextRanking, type TextRankingOptions } from './tasks/text-ranking/text-ranking.js';
export type {
  AggregationStrategy,
  EntityGroup,
  TaggedToken,
} from './tasks/token-classification/aggregation.js';
export type {
  EntityTagOptions,
  TagOptions,
  TokenClassificationPipeline,
  TokenTagOptions,
} from './tasks/token-classification/pipeline.js';
export type { TagReading } from './tasks/token-classification/reading.js';
export {
  type SentenceFeature,
  type TaggedWord,
  type TagPrediction,
  TokenClassification,
  type TokenClassificationOptions,
} from './tasks/token-classification/token-classification.js';
export type { WordStart } from './tasks/token-classification/window-words.js';
export { blockSource } from './training/feeding/block-source.js';
export { type FeatureSource, listSource } from './training/feeding/feature-source.js';
export {
  type CorpusBlockOptions,
  corpusEvaluator,
  corpusSource,
  type EvaluatorOptions,
  sentencePairSource,
  sourceEvaluator,
} from './training/feeding/pretraining.js';
export type { MethodShorthands } from './training/methods/method-options.js';
export type { MethodName } from './training/methods/registry.js';
export {
  defineObjective,
  type ObjectiveBlocks,
  type ObjectiveContext,
  type ObjectiveModels,
  type PreparedObjective,
  type PretrainingObjective,
} from './training/objectives/objective.js';
export { objectiveNamed, objectives, registerObjective } from './training/objectives/registry.js';
export type { ScheduleName, ScheduleSettings } from './training/schedules/schedule.js';
export type {
  CheckpointEvent,
  EndEvent,
  EvaluationEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
} from './training/trainer/events.js';
export type { OptimizerArguments, OptimizerName, OptimizerOptions } from './training/trainer/optimizer-options.js';
export { defaultTrainingOptions } from './training/trainer/options.js';
export { type RunControl, TrainingInterrupted } from './training/trainer/run-control.js';
export { Trainer } from './training/trainer/trainer.js';
export type { Evaluator, RunInputs, SourceInputs, TrainerInputs } from './training/trainer/trainer-inputs.js';
export { type Strategy, type TrainingOptions, trainingSchema } from './training/trainer/training-schema.js';
export type { Vectors } from './vectors/vectors.js';
