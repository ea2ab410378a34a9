/** @file Inputs of the Trainer: model, task, data, and output folder. */
import type { ExampleStream } from '../../data/streams/example-stream.js';
import type { DeviceName } from '../../engine/devices/registry.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { schemaNames } from '../../platform/option-schemas.js';
import type { Evaluation, Task, TrainingTask } from '../../tasks/task.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { fingerprintOfExamples } from '../checkpoints/fingerprint.js';
import type { FeatureSource } from '../feeding/feature-source.js';
import { type MethodShorthands, methodShorthands } from '../methods/method-options.js';
import type { TrainingEvent } from './events.js';
import type { TrainingOptions } from './options.js';
import type { RunControl } from './run-control.js';
import { trainingSchema } from './training-schema.js';

/** Inputs of every run, besides its settings. */
interface CommonInputs {
  readonly model: PretrainedModel;
  /** The device to train on. Default: the model's device (`model.to`). */
  readonly device?: DeviceName | undefined;
  /** The tokenizer, which is saved with the model. Default: the task's. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The output folder. Without it nothing is written, and the model has the weights of the last step. */
  readonly output?: string | undefined;
  /** Whether to resume from the newest checkpoint in the output folder. A run that has ended is left unchanged. */
  readonly resume?: boolean | undefined;
  /** Whether to replace a model, report and checkpoints in the output folder. Without it, such a folder is refused. */
  readonly overwrite?: boolean | undefined;
  /** Listener of the run's events, which may control the run. */
  readonly onEvent?: ((event: TrainingEvent, run: RunControl) => void) | undefined;
  /** Called during evaluations with the number of examples done. */
  readonly onEvaluating?: ((done: number, total: number) => void) | undefined;
}

/** Inputs of training on a task's examples. */
export interface TrainerInputs<Example> extends CommonInputs {
  readonly task: Task<Example>;
  /** Training examples: in memory, or a stream, which is shuffled by a buffer of `shuffleBufferSize`. */
  readonly train: readonly Example[] | ExampleStream<Example>;
  /**
   * Evaluation examples, evaluated after each epoch; the best model by the task's main metric is kept. Without them,
   * the last one is.
   */
  readonly evaluation?: readonly Example[] | undefined;
}

/** Inputs of training on a source of features, such as the blocks of a corpus. */
export interface SourceInputs extends CommonInputs {
  readonly task: TrainingTask;
  readonly train: FeatureSource;
  /** Evaluator of the model. */
  readonly evaluation?: Evaluator | undefined;
}

/** A custom evaluation, with the fingerprint of its data. */
export interface Evaluator {
  /** Evaluates the model in its current state. */
  evaluate(): Promise<Evaluation>;
  /** Fingerprint of the evaluation data, checked when a run is resumed. */
  fingerprint(): string;
}

/** Inputs of the Trainer. */
export type RunInputs<Example> = TrainerInputs<Example> | SourceInputs;

const inputNames = namesOf<TrainerInputs<unknown>>({
  model: true,
  device: true,
  task: true,
  tokenizer: true,
  train: true,
  evaluation: true,
  output: true,
  resume: true,
  overwrite: true,
  onEvent: true,
  onEvaluating: true,
});

/** Separates the Trainer's inputs from the settings of the run. */
export function inputsAndSettings<Inputs extends object>(
  given: Inputs & Partial<TrainingOptions> & MethodShorthands,
): { readonly inputs: Inputs; readonly settings: Partial<TrainingOptions> & MethodShorthands } {
  const names = [...inputNames, ...schemaNames(trainingSchema), ...methodShorthands()];
  checkOptionNames(given, names, 'Trainer');
  const entries = Object.entries(given);
  const isInput = ([name]: readonly [string, unknown]) => inputNames.includes(name);
  return {
    inputs: Object.fromEntries(entries.filter(isInput)) as Inputs,
    settings: Object.fromEntries(entries.filter((entry) => !isInput(entry))),
  };
}

/** Whether features come from a source, rather than from examples of a task. */
export function isSource<Example>(inputs: RunInputs<Example>): inputs is SourceInputs {
  return 'read' in inputs.train;
}

/** Whether the training examples are a stream. */
export function isStream<Example>(train: readonly Example[] | object): train is ExampleStream<Example> {
  return 'examples' in train;
}

/** Returns the fingerprint of the evaluation data. */
export const fingerprintOfEvaluation = (evaluation: readonly unknown[] | Evaluator): string =>
  'fingerprint' in evaluation ? evaluation.fingerprint() : fingerprintOfExamples(evaluation);
