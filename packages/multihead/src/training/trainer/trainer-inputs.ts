/** @file What a Trainer is given: model, task, data, and where the result goes. */
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

/** What every run works with, besides its settings. */
interface CommonInputs {
  readonly model: PretrainedModel;
  /** Where the model trains. Default: where it is (`model.to`). */
  readonly device?: DeviceName | undefined;
  /** Saved with the model. Default: the task's. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The folder of the result. Without one nothing is written, and the model ends as the last step left it. */
  readonly output?: string | undefined;
  /** Go on from the newest checkpoint in the output folder; a run that has ended there stays as it is. */
  readonly resume?: boolean | undefined;
  /** Replace what the output folder holds: a model, its report, checkpoints. Without it such a folder is refused. */
  readonly overwrite?: boolean | undefined;
  /** Listens to the run's events, and may steer it. */
  readonly onEvent?: ((event: TrainingEvent, run: RunControl) => void) | undefined;
  /** Called, while examples are evaluated, with how many of them are done. */
  readonly onEvaluating?: ((done: number, total: number) => void) | undefined;
}

/** Training by examples of a task. */
export interface TrainerInputs<Example> extends CommonInputs {
  readonly task: Task<Example>;
  /** Examples in memory, or that come as they are needed, mixed by a buffer of `shuffleBufferSize`. */
  readonly train: readonly Example[] | ExampleStream<Example>;
  /** Evaluated after each epoch; the best model by the task's main metric is kept. Without it, the last one is. */
  readonly evaluation?: readonly Example[] | undefined;
}

/** Training by features that a source gives, such as the blocks of a corpus. */
export interface SourceInputs extends CommonInputs {
  readonly task: TrainingTask;
  readonly train: FeatureSource;
  /** Evaluates the model as it is. */
  readonly evaluation?: Evaluator | undefined;
}

/** An evaluation of whatever kind, with a mark of what it evaluates on. */
export interface Evaluator {
  /** Evaluates the model as it is now. */
  evaluate(): Promise<Evaluation>;
  /** A mark of what is evaluated on, by which a resumed run sees that it is the same. */
  fingerprint(): string;
}

/** What a Trainer may be given. */
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

/** Parts what a Trainer works with from the settings of the run. */
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

/** Whether examples come as they are needed. */
export function isStream<Example>(train: readonly Example[] | object): train is ExampleStream<Example> {
  return 'examples' in train;
}

/** A mark of what is evaluated on. */
export const fingerprintOfEvaluation = (evaluation: readonly unknown[] | Evaluator): string =>
  'fingerprint' in evaluation ? evaluation.fingerprint() : fingerprintOfExamples(evaluation);
