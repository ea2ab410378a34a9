/** @file Everything that Multihead offers. What is not exported here is not for use. */
import { evaluateTensors } from './engine/evaluate.js';
import { setEvaluator } from './tensor/evaluator.js';

setEvaluator(evaluateTensors);

export type { BadRow, OnBadRow } from './data/bad-rows.js';
export {
  type ClassificationColumnOptions,
  type ClassificationData,
  type ClassificationExample,
  type ClassificationFileOptions,
  readClassificationData,
  readClassificationExamples,
} from './data/classification.js';
export {
  type ClassificationStream,
  type ClassificationStreamOptions,
  openClassificationStream,
} from './data/classification-stream.js';
export type { ColumnReference } from './data/column-names.js';
export type { Blocks, TokenBlocks } from './data/corpus/blocks.js';
export type { CorpusFormat } from './data/corpus/corpus-files.js';
export {
  type CorpusOrigin,
  type CorpusSummary,
  openCorpus,
  type SourceStamp,
  type TokenizedCorpus,
} from './data/corpus/corpus-folder.js';
export type { DocumentUnit } from './data/corpus/cut-documents.js';
export { lineBlocks } from './data/corpus/line-blocks.js';
export { type CorpusNote, describeNote } from './data/corpus/notes.js';
export { type PackingOptions, packedBlocks } from './data/corpus/packed-blocks.js';
export { type CorpusDocument, type CorpusOptions, type CorpusSettings, readCorpus } from './data/corpus/read-corpus.js';
export {
  type SentencePair,
  type SentencePairOptions,
  sentencePairBlocks,
} from './data/corpus/sentence-pair-blocks.js';
export type { OpenCorpusOptions, SplitSummary, TokenType } from './data/corpus/token-files.js';
export { type TokenSource, tokensInMemory } from './data/corpus/token-source.js';
export type { ExampleStream } from './data/example-stream.js';
export type { HeldOut } from './data/held-out.js';
export { type LabelSet, labelSet, type ProblemType } from './data/label-set.js';
export type { Label } from './data/label-values.js';
export {
  type QuestionAnsweringFileOptions,
  type QuestionColumnOptions,
  readQuestionAnsweringExamples,
} from './data/question-answering.js';
export {
  openQuestionAnsweringStream,
  type QuestionAnsweringStream,
  type QuestionAnsweringStreamOptions,
} from './data/question-answering-stream.js';
export type { NamedQuestion } from './data/question-ids.js';
export { type SplitExamples, type SplitSettings, splitExamples } from './data/split.js';
export { type Answer, type QuestionAnsweringExample, readSquad, type SquadOptions } from './data/squad.js';
export type { Mismatched } from './data/squad-offsets.js';
export type { FoundFiles, Split, TableFormat } from './data/table-files.js';
export {
  readTokenClassificationData,
  readTokenClassificationExamples,
  type TokenClassificationData,
} from './data/token-classification.js';
export {
  openTokenClassificationStream,
  type TokenClassificationStream,
  type TokenClassificationStreamOptions,
} from './data/token-classification-stream.js';
export type {
  TokenClassificationExample,
  TokenClassificationFileOptions,
  TokenColumnOptions,
} from './data/token-examples.js';
export type { Device } from './engine/devices/device.js';
export { type DeviceName, deviceNames, devices } from './engine/devices/registry.js';
export type { GradientReduction, ReductionSource } from './engine/distributed/reduction.js';
export type {
  Engine,
  FixedTensor,
  GradientSource,
  GroupStep,
  GrowingTensor,
  LoadOptions,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  ResidentTensor,
  RowSource,
  RunOptions,
  StateForm,
  StepResult,
  StepSettings,
  TensorValue,
  TrainingGraph,
  Values,
} from './engine/engine.js';
export {
  type CompiledLoops,
  defineOptimizer,
  type FloatBlock,
  likeParameter,
  likeVector,
  type Optimizer,
  type OptimizerContext,
  type OptimizerDefinition,
  type OptimizerStretch,
  perColumn,
  perRow,
  type RowBlocks,
  type StateShape,
  scalarState,
} from './engine/optimizers/optimizer.js';
export {
  type BuiltInOptimizer,
  builtInOptimizers,
  type OptimizerChoice,
  optimizerNames,
  registerOptimizer,
} from './engine/optimizers/registry.js';
export type { StateTensor } from './engine/optimizers/state-tensors.js';
export type { RowRun } from './engine/optimizers/visited-rows.js';
export { UserError } from './errors.js';
export type { DownloadEvent, ResolveOptions } from './hub/options.js';
export type { FeatureExtractionOptions, FeatureExtractionPipeline, Vectors } from './inference/feature-extraction.js';
export type { FillMaskOptions, FillMaskPipeline, MaskFill, MaskFills } from './inference/fill-mask.js';
export { generate } from './inference/generation/generate.js';
export type { FinishReason, GeneratedTokens } from './inference/generation/generated.js';
export type { GenerationConfig } from './inference/generation/generation-config.js';
export type { GenerationOptions } from './inference/generation/options.js';
export { type Perplexity, type PerplexityOptions, perplexity } from './inference/generation/perplexity.js';
export {
  type GeneratedText,
  type TextGenerationOptions,
  type TextGenerationPipeline,
  textGenerationPipeline,
} from './inference/generation/text-generation.js';
export type { PipelineOptions } from './inference/options.js';
export {
  type PipelineAliases,
  type PipelineName,
  type PipelineOf,
  type Pipelines,
  pipeline,
} from './inference/pipeline.js';
export type { AnswerOptions, QuestionAnsweringPipeline, QuestionInput } from './inference/question-answering.js';
export type { ClassifyOptions, TextClassificationPipeline, TextPair } from './inference/text-classification.js';
export type {
  EntityTagOptions,
  TagOptions,
  TokenClassificationPipeline,
  TokenTagOptions,
} from './inference/token-classification.js';
export { accuracy } from './metrics/accuracy.js';
export { averagePrecision, averagePrecisionMultiLabel } from './metrics/average-precision.js';
export { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from './metrics/calibration.js';
export {
  type ClassificationReport,
  type ClassNames,
  type ClassScores,
  classificationReport,
} from './metrics/classification-report.js';
export { type CmrcScores, evaluateCmrc } from './metrics/cmrc.js';
export { confusionMatrix } from './metrics/confusion-matrix.js';
export { type PrecisionRecallPoint, precisionRecallCurve, type RocPoint, rocCurve } from './metrics/curves.js';
export { formatClassificationReport } from './metrics/format-classification-report.js';
export { formatThresholds } from './metrics/format-thresholds.js';
export type { LabelAverage } from './metrics/label-average.js';
export { matthewsCorrelation } from './metrics/matthews.js';
export { type MeanAndDeviation, meanAndDeviation } from './metrics/mean-and-deviation.js';
export { type PairedBootstrapOptions, type PairedComparison, pairedBootstrap } from './metrics/paired-bootstrap.js';
export { brierScore, brierScoreMultiClass, logLoss } from './metrics/probability-scores.js';
export { type RegressionReport, regressionReport } from './metrics/regression.js';
export { rocAuc, rocAucMultiLabel, rocAucOneVersusRest } from './metrics/roc-auc.js';
export { type Entity, type EntityOptions, entitiesOf } from './metrics/sequence-labeling/entities.js';
export {
  type EntityReport,
  type EntityReportOptions,
  entityReport,
} from './metrics/sequence-labeling/entity-report.js';
export { formatEntityReport } from './metrics/sequence-labeling/format-entity-report.js';
export type { TaggingScheme } from './metrics/sequence-labeling/schemes.js';
export { evaluateSquad, type SquadScores } from './metrics/squad.js';
export {
  type BestThresholds,
  bestThresholds,
  evaluateSquadV2,
  type SquadV2Prediction,
  type SquadV2Reference,
  type SquadV2Scores,
} from './metrics/squad-v2.js';
export { type TunedThreshold, tuneThresholds } from './metrics/thresholds.js';
export type { AdaptedModel } from './models/adapters/adapted-model.js';
export type { ModelReference } from './models/adapters/adapter-config.js';
export { type AdapterOptions, Adapters } from './models/adapters/adapters.js';
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
export { BertModel } from './models/bert.js';
export { BertConfig } from './models/bert-config.js';
export { BertForPreTraining } from './models/bert-for-pretraining.js';
export {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from './models/bert-heads.js';
export type { CausalConfig } from './models/causal-config.js';
export { type CausalInputs, CausalLanguageModel } from './models/causal-language-model.js';
export {
  type ConfigClass,
  type ConfigFormat,
  type ConfigOptions,
  configClass,
  type ModelConfig,
  type OwnSettings,
} from './models/config.js';
export type { ConfigKeys, RefusedKey } from './models/config-keys.js';
export type { DecodingModel, TokenConfig } from './models/decoding-model.js';
export { DistilBertConfig } from './models/distilbert/config.js';
export { DistilBertModel } from './models/distilbert/distilbert.js';
export {
  DistilBertForMaskedLM,
  DistilBertForQuestionAnswering,
  DistilBertForSequenceClassification,
  DistilBertForTokenClassification,
} from './models/distilbert/heads.js';
export { ElectraConfig } from './models/electra/config.js';
export { ElectraModel } from './models/electra/electra.js';
export {
  ElectraForQuestionAnswering,
  ElectraForSequenceClassification,
  ElectraForTokenClassification,
} from './models/electra/heads.js';
export { ElectraForMaskedLM, ElectraForPreTraining } from './models/electra/pretraining.js';
export {
  type BertLikeConfig,
  type BertLikeFormat,
  bertLikeConfig,
  bertSizes,
  type EncoderConfig,
} from './models/encoder-config.js';
export {
  EncoderWithHead,
  MaskedLanguageModel,
  NextSentenceModel,
  QuestionAnsweringModel,
  SequenceClassificationModel,
  TokenClassificationModel,
} from './models/encoder-heads.js';
export { EncoderModel, type EncoderParts } from './models/encoder-model.js';
export { type EncoderLayer, EncoderStack, type EncoderStates } from './models/encoder-stack.js';
export type {
  AnyModelClass,
  Architecture,
  CheckpointNames,
  Family,
  HeadModels,
  HeadName,
  InputName,
  ParameterGroups,
} from './models/family.js';
export { GPT2LMHeadModel } from './models/gpt2.js';
export { GPT2Config } from './models/gpt2-config.js';
export type { LabelledConfig } from './models/label-settings.js';
export { LlamaForCausalLM } from './models/llama.js';
export { LlamaConfig } from './models/llama-config.js';
export { readLlama2c } from './models/llama2c.js';
export { type ModelInputs, type ModelOutputs, modelInputs, type PredictOptions } from './models/model.js';
export { ConfigReader, type SettingsOrigin } from './models/model-config.js';
export type { ReadLimits } from './models/number-limits.js';
export {
  type AdaptedConfig,
  type FromConfigOptions,
  type FromPretrainedOptions,
  type LoadingReport,
  type ModelClass,
  PretrainedModel,
  type SaveOptions,
} from './models/pretrained.js';
export { families, modelTypes, registerFamily } from './models/registry.js';
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
export { SafetensorsFile, type TensorToWrite, writeSafetensors } from './models/safetensors.js';
export type { TensorInfo } from './models/safetensors-header.js';
export type { Pooling } from './models/sentence-vectors.js';
export type { TiedWeights } from './models/tied-weights.js';
export type { Weights } from './models/weights.js';
export * from './nn/index.js';
export type { OnnxModel, ValueInfo } from './onnx/model.js';
export type { Random } from './random.js';
export { CausalLanguageModeling } from './tasks/causal-language-modeling.js';
export {
  defineTask,
  type MistakeReport,
  type OptionMeta,
  type OptionValues,
  type Reading,
  type Shown,
  type TaskCommands,
  type TaskContext,
  type TaskDefinition,
  type TaskOptions,
  type TrainingData,
  type TrainingSources,
} from './tasks/define-task.js';
export { type DistillationOptions, DistilledLanguageModeling, type TaughtFeature } from './tasks/distillation.js';
export { evaluateLanguageModel, type Guesses, type LanguageModelingTask } from './tasks/language-modeling.js';
export { MaskedLanguageModeling, type MaskedLanguageModelingOptions } from './tasks/masked-language-modeling.js';
export { NextSentencePrediction, type SentencePairFeature } from './tasks/next-sentence-prediction.js';
export type { Outcome } from './tasks/outcome.js';
export {
  evaluateExamples,
  type PredictExamplesOptions,
  type PredictingTask,
  predictExamples,
} from './tasks/predict.js';
export type { AnswerSpan } from './tasks/question-answering/answer-spans.js';
export {
  type AnswerPrediction,
  QuestionAnswering,
  type QuestionAnsweringOptions,
  type ScoredAnswer,
  type WindowAnswers,
  type WindowFeature,
} from './tasks/question-answering/question-answering.js';
export { registerTask, taskNamed, taskNames, tasks } from './tasks/registry.js';
export type { Confusion, Evaluation, Feature, MetricsCollector, Task, TrainingTask } from './tasks/task.js';
export { balancedClassWeights, classWeightsByName } from './tasks/text-classification/class-weights.js';
export {
  type ClassificationFeature,
  classificationTask,
  type LabelScore,
  TextClassification,
  type TextClassificationOptions,
} from './tasks/text-classification/text-classification.js';
export type {
  AggregationStrategy,
  EntityGroup,
  TaggedToken,
} from './tasks/token-classification/aggregation.js';
export type { TagReading } from './tasks/token-classification/reading.js';
export {
  type SentenceFeature,
  type TaggedWord,
  type TagPrediction,
  TokenClassification,
  type TokenClassificationOptions,
} from './tasks/token-classification/token-classification.js';
export type { WordStart } from './tasks/token-classification/window-words.js';
export type { DType, NestedNumbers, TypedData } from './tensor/dtype.js';
export { concatenate, input, tensor } from './tensor/factories.js';
export { gradient } from './tensor/gradient.js';
export type { GraphTarget } from './tensor/operator.js';
export type { LinearAttributes } from './tensor/operators/linear.js';
export type { Dimension, Shape } from './tensor/shape.js';
export { type Operand, type ReduceOptions, Tensor } from './tensor/tensor.js';
export { AutoTokenizer } from './text/auto-tokenizer.js';
export type { Span } from './text/backend.js';
export {
  type TokenizeCorpusOptions,
  type TokenizingProgress,
  tokenizeCorpus,
} from './text/corpus/tokenize-corpus.js';
export { readLlama2cTokenizer } from './text/llama2c-tokenizer.js';
export type { DecodeOptions, EncodeOptions, Encoding, TextInput, Tokenizer, WindowOptions } from './text/tokenizer.js';
export type { TokenizerTrainingEvent } from './text/training/events.js';
export type { TokenizerTrainingOptions, TokenizerType } from './text/training/options.js';
export { trainTokenizer } from './text/training/train-tokenizer.js';
export type { Truncation } from './text/truncation.js';
export type { WordBoundaries } from './text/word-boundaries.js';
export type { WordEncoding } from './text/word-encoding.js';
export { blockSource } from './training/block-source.js';
export type {
  CheckpointEvent,
  EndEvent,
  EvaluationEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
} from './training/events.js';
export { type FeatureSource, listSource } from './training/feature-source.js';
export type { PreparedMethod, TrainingMethod } from './training/methods/method.js';
export type { MethodShorthands } from './training/methods/method-options.js';
export { type MethodName, registerMethod, trainingMethods } from './training/methods/registry.js';
export { wholeModel } from './training/methods/whole-model.js';
export type { OptimizerArguments, OptimizerName, OptimizerOptions } from './training/optimizer-options.js';
export { defaultTrainingOptions, type Strategy, type TrainingOptions } from './training/options.js';
export {
  type CorpusBlockOptions,
  corpusEvaluator,
  corpusSource,
  type EvaluatorOptions,
  sentencePairSource,
  sourceEvaluator,
} from './training/pretraining.js';
export { type RunControl, TrainingInterrupted } from './training/run-control.js';
export {
  linearSchedule,
  type Ramp,
  type ScheduleName,
  type SchedulePoint,
  type ScheduleSettings,
  scheduleFactor,
} from './training/schedule.js';
export { Trainer } from './training/trainer.js';
export type { Evaluator, RunInputs, SourceInputs, TrainerInputs } from './training/trainer-inputs.js';
export { TrainingStep, type TrainingStepOptions } from './training/training-step.js';
