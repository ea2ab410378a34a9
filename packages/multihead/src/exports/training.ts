/** @file `multihead/training`: building blocks of the Trainer: methods, optimizers, schedules, feature sources. */
import '../engine/evaluate.js';

export type { GradientReduction } from '../engine/distributed/reduction.js';
export type { GroupStep, StepResult, StepSettings } from '../engine/engine.js';
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
} from '../engine/optimizers/optimizer.js';
export {
  type BuiltInOptimizer,
  builtInOptimizers,
  type OptimizerChoice,
  optimizerNames,
  registerOptimizer,
} from '../engine/optimizers/registry.js';
export type { RowRun } from '../engine/optimizers/visited-rows.js';
export { blockSource } from '../training/feeding/block-source.js';
export { type FeatureSource, listSource } from '../training/feeding/feature-source.js';
export {
  type CorpusBlockOptions,
  corpusEvaluator,
  corpusSource,
  type EvaluatorOptions,
  sentencePairSource,
  sourceEvaluator,
} from '../training/feeding/pretraining.js';
export type { PreparedMethod, TrainingMethod } from '../training/methods/method.js';
export type { MethodShorthands } from '../training/methods/method-options.js';
export { type MethodName, registerMethod, trainingMethods } from '../training/methods/registry.js';
export { wholeModel } from '../training/methods/whole-model.js';
export {
  linearSchedule,
  type Ramp,
  type ScheduleName,
  type SchedulePoint,
  type ScheduleSettings,
  scheduleFactor,
} from '../training/schedules/schedule.js';
export { TrainingStep, type TrainingStepOptions } from '../training/step/training-step.js';
export type {
  CheckpointEvent,
  EndEvent,
  EvaluationEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
} from '../training/trainer/events.js';
export type { OptimizerArguments, OptimizerName, OptimizerOptions } from '../training/trainer/optimizer-options.js';
export { defaultTrainingOptions } from '../training/trainer/options.js';
export { type RunControl, TrainingInterrupted } from '../training/trainer/run-control.js';
export { Trainer } from '../training/trainer/trainer.js';
export type { Evaluator, RunInputs, SourceInputs, TrainerInputs } from '../training/trainer/trainer-inputs.js';
export { type Strategy, type TrainingOptions, trainingSchema } from '../training/trainer/training-schema.js';
export {
  fitLogisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from '../vectors/logistic-regression/logistic-regression.js';
