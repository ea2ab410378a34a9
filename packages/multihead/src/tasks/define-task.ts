/**
 * @file The contract of a task: one folder and one row of the registry. Training, evaluation, prediction, reports and
 *   the command line are loops over definitions, and know no task by name.
 */
import type { z } from 'zod';
import type { OnBadRow } from '../data/streams/bad-rows.js';
import type { ExampleStream } from '../data/streams/example-stream.js';
import type { FoundFiles, Split, TableFormat } from '../data/tables/table-files.js';
import type { ModelConfig } from '../models/core/model-config.js';
import type { HeadName } from '../models/family.js';
import type { SearchSpace } from '../search/space/search-space.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';
import type { Feature } from './feature.js';
import type { Outcome } from './outcome.js';
import type { PipelineService } from './pipeline-service.js';
import type { LoadedPipeline, LoadedTask } from './pipelines.js';
import type { Task } from './task.js';

/** Schema of a task's options: name, type, description; `meta` describes the flag of the command line. */
export type TaskOptions = z.ZodObject;

/** Values of the given options. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** Settings for reading files of examples. */
export interface Reading {
  readonly split: Split;
  readonly format?: TableFormat | undefined;
  readonly header?: boolean | undefined;
  readonly quotes?: boolean | undefined;
  readonly onBadRow?: OnBadRow | undefined;
  /** Called with the files that a folder or a pattern matches. */
  readonly onFound?: ((found: FoundFiles) => void) | undefined;
  /** The task's own `options.reading`, such as columns. */
  readonly options: OptionValues;
}

/** Sources of training and evaluation examples. */
export interface TrainingSources {
  readonly train: string;
  /** Evaluation examples. Default: split off from the training examples by `evalSplit`, if given. */
  readonly eval?: string | undefined;
  readonly evalSplit?: number | undefined;
  /** Whether to stream the training examples. */
  readonly streaming?: boolean | undefined;
  /** Random seed of the split. */
  readonly seed?: number | undefined;
  /** Returns the settings for reading the files of a split. */
  reading(split: Split): Reading;
  /** The task's own `options.training` and `options.settings`. */
  readonly options: OptionValues;
  /** Called when the training files have been read. */
  onRead(): void;
  /** Called with a message if a setting was derived from the examples. */
  onNote(note: string): void;
}

/** Training and evaluation examples. `Facts`: what the task derives from them, such as the label names. */
export interface TrainingData<Example, Facts> {
  readonly train: readonly Example[] | ExampleStream<Example>;
  readonly evaluation: readonly Example[] | undefined;
  readonly facts: Facts;
}

/** Arguments of `TaskDefinition.create`. */
export interface TaskContext<Facts> {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  /** The task's own `options.settings` and, in training, `options.training`. */
  readonly options: OptionValues;
  /** Facts derived from the training examples; undefined outside of training. */
  readonly facts?: Facts | undefined;
}

/** What the files of a model's folder say about its use for a task. */
export interface TaskFolder {
  /** The folder with the weights and the tokenizer. */
  readonly folder: string;
  /** Maximum number of tokens of a text. Default: the task's. */
  readonly maxLength?: number | undefined;
  /** Settings of the task. */
  readonly options: OptionValues;
  /** Settings of the model, for training that starts from the folder. Default: those of its config.json. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

/** Settings of training that suit a way of training better than those of training in general. */
export interface UsualTraining {
  /** What they are for, in words: `few-shot training`. */
  readonly of: string;
  /** The settings by their names in the training options, or in the task's own. */
  readonly settings: OptionValues;
}

/** All examples of an evaluation: a stream that `openLabelled` returned, or those of `readTraining`. */
export type EvaluatedExamples<Example> = Pick<ExampleStream<Example>, 'examples' | 'length' | 'sizeOf'>;

/** Presentation of a task's mistakes in reports. */
export interface MistakeReport {
  /** Description of the order of mistakes, by {@link Outcome.badness} is. */
  readonly order: string;
  /** Labels of a single-label classifier, whose confusion matrix and calibration the report shows. */
  readonly labels?: readonly string[] | undefined;
}

/** What the command line uses of a task, besides its options. */
export interface TaskCommands<Example, Prediction> {
  /** Options of `predict` with the input itself, such as a question. */
  readonly inputs: TaskOptions;
  /** Description of the text arguments of `predict TASK`, for the help; undefined if the inputs are options. */
  readonly texts?: string;
  /** Arguments after `predict TASK --model FOLDER` to try a model: `"..."`. */
  readonly tryIt: string;
  /** Example commands for `--help`, which work in a clone. */
  readonly examples: readonly string[];
  /**
   * Returns the examples given by command line arguments.
   *
   * @throws UserError that names the flag that is missing
   */
  fromArguments(texts: readonly string[], inputs: OptionValues): readonly Example[];
  /** Returns a prediction as JSON. */
  line(example: Example, prediction: Prediction, shown: Shown): object;
  /** Returns what `predict --json` prints for an input on the command line. Default: as {@link line}. */
  json?(example: Example, prediction: Prediction, shown: Shown): unknown;
  /** Returns a prediction as text: lines of columns separated by tabs. */
  text(example: Example, prediction: Prediction, shown: Shown): readonly string[];
}

/** Settings for showing predictions. */
export interface Shown {
  /** Number of labels or answers; undefined for the default. */
  readonly topK: number | undefined;
  readonly config: ModelConfig;
}

/**
 * Definition of a task. `Built` is the class that implements it. The definitions in `tasks/text-classification` and
 * `tasks/question-answering` are examples.
 */
export interface TaskDefinition<
  Example = unknown,
  Prediction = unknown,
  Facts = unknown,
  Built extends Task<Example, Feature, unknown, Prediction> = Task<Example, Feature, unknown, Prediction>,
> {
  /** The task's name on the Hugging Face hub. */
  readonly name: string;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** The name in words, a prefix in the help of the task's own options. */
  readonly title: string;
  /** The model head that the task requires; `Model` for models without one. */
  readonly head: HeadName | 'Model';
  /** Plural noun for examples, such as `texts`. */
  readonly unit: string;
  /** Default maximum number of tokens of a text or window. */
  readonly usualLength: number;
  readonly options: {
    /** Options for reading files, such as column names. */
    readonly reading: TaskOptions;
    /** Options of training only. */
    readonly training: TaskOptions;
    /** Options of training, evaluation and prediction. */
    readonly settings: TaskOptions;
  };
  readonly commands: TaskCommands<Example, Prediction>;
  /** The settings that a search tries unless it is given others, under their names in the training options or the task's. */
  readonly searchSpace?: SearchSpace;

  /** Reads the examples of a training run. */
  readTraining(sources: TrainingSources): Promise<TrainingData<Example, Facts>>;
  /** Opens labelled examples for evaluation. */
  openLabelled(source: string, reading: Reading): Promise<ExampleStream<Example>>;
  /** Opens examples for prediction, in the order of the files; labels are optional and ignored. */
  open(source: string, reading: Reading): Promise<ExampleStream<Example>>;
  /** Returns configuration settings of a model to train: of the training examples, such as labels, and of the options given. */
  startingConfig?(facts: Facts, options: OptionValues): Readonly<Record<string, unknown>>;
  /** Returns the settings that suit a model and the task's options, where they are not given. Default: those of training in general. */
  usualTraining?(context: Pick<TaskContext<Facts>, 'config' | 'options' | 'facts'>): UsualTraining | undefined;
  /** Returns settings derived from examples unless given, such as that questions may have no answer. */
  settingsOf?(examples: ExampleStream<Example>, given: OptionValues, onNote: (note: string) => void): OptionValues;
  /**
   * Reads what a model's folder says about its use for the task, in training as in evaluation and prediction: where the weights
   * are, and settings such as the pooling of sentence vectors. Default: the folder itself, and no settings.
   */
  openFolder?(folder: string): Promise<TaskFolder>;
  /** Returns settings found when the model of a folder was trained, such as thresholds. */
  learnedSettings?(folder: string): Promise<OptionValues>;
  /** Creates the task for a model and its tokenizer. */
  create(context: TaskContext<Facts>): Built;
  /**
   * Returns the outcome of each example.
   *
   * @param from index of the first example, if others came before
   * @param all  all examples of the evaluation, of which `examples` are a part
   */
  outcomes(
    task: Built,
    predictions: readonly Prediction[],
    examples: readonly Example[],
    from: number,
    all: EvaluatedExamples<Example>,
  ): Outcome[];
  /**
   * Creates the pipeline returned by `pipeline(name, folder)`. Its options are `options.settings`; {@link Pipelines}
   * has its type.
   */
  pipeline?(loaded: LoadedTask<Built>): LoadedPipeline;
  /** How the pipeline answers requests over HTTP; without it, the task is not served. */
  readonly service?: PipelineService;
  /** Returns how reports show mistakes. */
  mistakes(task: Built): MistakeReport;
  /** Returns entries of additional JSON files that an evaluation writes, by file name. */
  files?(predictions: readonly Prediction[], examples: readonly Example[]): Readonly<Record<string, object>>;
}

/**
 * Defines a task, with inferred types.
 *
 * @example
 * const { name, usualLength } = defineTask(taskNamed('text-classification'));
 */
export const defineTask = <Example, Prediction, Facts, Built extends Task<Example, Feature, unknown, Prediction>>(
  definition: TaskDefinition<Example, Prediction, Facts, Built>,
): TaskDefinition<Example, Prediction, Facts, Built> => definition;
