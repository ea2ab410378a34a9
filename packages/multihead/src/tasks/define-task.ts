/**
 * @file What the library needs to know of a task: one folder, and one row of the registry. Training, evaluation, prediction,
 * reports and the command line are loops over definitions; they know no task by its name.
 */
import type { z } from 'zod';
import type { OnBadRow } from '../data/streams/bad-rows.js';
import type { ExampleStream } from '../data/streams/example-stream.js';
import type { FoundFiles, Split, TableFormat } from '../data/tables/table-files.js';
import type { ModelConfig } from '../models/core/model-config.js';
import type { HeadName } from '../models/family.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';
import type { Feature } from './feature.js';
import type { Outcome } from './outcome.js';
import type { LoadedPipeline, LoadedTask } from './pipelines.js';
import type { Task } from './task.js';

/** Options of a task, each declared once: name, type, description; `meta` says how the command line shows it. */
export type TaskOptions = z.ZodObject;

/** Values of options, as far as they were given. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** How files of examples are read. */
export interface Reading {
  readonly split: Split;
  readonly format?: TableFormat | undefined;
  readonly header?: boolean | undefined;
  readonly quotes?: boolean | undefined;
  readonly onBadRow?: OnBadRow | undefined;
  /** Called with the files that a folder or a pattern stands for. */
  readonly onFound?: ((found: FoundFiles) => void) | undefined;
  /** The task's own `options.reading`, such as columns. */
  readonly options: OptionValues;
}

/** Which examples a run learns from, and which it is evaluated on. */
export interface TrainingSources {
  readonly train: string;
  /** Evaluation examples; without, `evalSplit` may set some of the training examples aside. */
  readonly eval?: string | undefined;
  readonly evalSplit?: number | undefined;
  /** Read the training examples as they are needed. */
  readonly streaming?: boolean | undefined;
  /** Decides which examples are set aside. */
  readonly seed?: number | undefined;
  /** How files are read. */
  reading(split: Split): Reading;
  /** The task's own `options.training` and `options.settings`. */
  readonly options: OptionValues;
  /** Called when the training files have been read, before anything else is done with them. */
  onRead(): void;
  /** Called with a message where a setting follows from the examples and was not asked for. */
  onNote(note: string): void;
}

/** Examples to learn from and to evaluate on. `Facts`: what the task learns of them, such as the names of labels. */
export interface TrainingData<Example, Facts> {
  readonly train: readonly Example[] | ExampleStream<Example>;
  readonly evaluation: readonly Example[] | undefined;
  readonly facts: Facts;
}

/** What a task is made with. */
export interface TaskContext<Facts> {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  /** The task's own `options.settings` and, in training, `options.training`. */
  readonly options: OptionValues;
  /** What was learned of the training examples; undefined outside of training. */
  readonly facts?: Facts | undefined;
}

/** How a report shows a task's mistakes. */
export interface MistakeReport {
  /** The order of mistakes, in words: what {@link Outcome.badness} is. */
  readonly order: string;
  /** The labels of a classifier that gives each example one: the report has its confusion matrix and calibration. */
  readonly labels?: readonly string[] | undefined;
}

/** What the command line needs of a task besides its options. */
export interface TaskCommands<Example, Prediction> {
  /** Options of `predict` that hold the input itself, such as a question. */
  readonly inputs: TaskOptions;
  /** What the texts behind `predict TASK` are, for the help; undefined where the inputs are options. */
  readonly texts?: string;
  /** What stands behind `predict TASK --model FOLDER` to try a model: `"..."`. */
  readonly tryIt: string;
  /** Whole commands that work in a checkout, for `--help`. */
  readonly examples: readonly string[];
  /**
   * The examples that a command line gives.
   *
   * @throws UserError that names the flag that is missing
   */
  fromArguments(texts: readonly string[], inputs: OptionValues): readonly Example[];
  /** What a prediction is as JSON. */
  line(example: Example, prediction: Prediction, shown: Shown): object;
  /** What `predict --json` prints of an input on the command line. Default: as {@link line}. */
  json?(example: Example, prediction: Prediction, shown: Shown): unknown;
  /** The same for people: columns between tabs, a line each. */
  text(example: Example, prediction: Prediction, shown: Shown): readonly string[];
}

/** How much of a prediction is shown. */
export interface Shown {
  /** So many labels or answers; undefined for what is usual. */
  readonly topK: number | undefined;
  readonly config: ModelConfig;
}

/**
 * A task. `Built` is the class that does its work. The definitions in `tasks/text-classification` and
 * `tasks/question-answering` are examples.
 */
export interface TaskDefinition<
  Example = unknown,
  Prediction = unknown,
  Facts = unknown,
  Built extends Task<Example, Feature, unknown, Prediction> = Task<Example, Feature, unknown, Prediction>,
> {
  /** The name that the Hugging Face hub has for it. */
  readonly name: string;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** The name in words, as it stands before the help of the task's own options. */
  readonly title: string;
  /** The head that models need for it. */
  readonly head: HeadName;
  /** What examples are, for people: texts. */
  readonly unit: string;
  /** Tokens of a text, or window of a text, where nothing is said. */
  readonly usualLength: number;
  readonly options: {
    /** How files are read: columns, by their names. */
    readonly reading: TaskOptions;
    /** What only training knows. */
    readonly training: TaskOptions;
    /** What training, evaluation and prediction know. */
    readonly settings: TaskOptions;
  };
  readonly commands: TaskCommands<Example, Prediction>;

  /** Reads the examples of a training run. */
  readTraining(sources: TrainingSources): Promise<TrainingData<Example, Facts>>;
  /** Opens examples to evaluate, with what predictions are compared with. */
  openLabelled(source: string, reading: Reading): Promise<ExampleStream<Example>>;
  /** Opens examples to predict, in the order of the files; what they should come to need not be there, and is left out. */
  open(source: string, reading: Reading): Promise<ExampleStream<Example>>;
  /** Settings of a model's configuration that follow from the training examples, such as its labels. */
  startingConfig?(facts: Facts): Readonly<Record<string, unknown>>;
  /** Settings that follow from examples, where nothing else was said: that questions may have no answer. */
  settingsOf?(examples: ExampleStream<Example>, given: OptionValues, onNote: (note: string) => void): OptionValues;
  /** What was found out when the model of a folder was trained, such as thresholds. */
  learnedSettings?(folder: string): Promise<OptionValues>;
  /** The task, for a model and its tokenizer. */
  create(context: TaskContext<Facts>): Built;
  /**
   * What the model did with each example.
   *
   * @param from number of the first example, where others came before
   */
  outcomes(task: Built, predictions: readonly Prediction[], examples: readonly Example[], from: number): Outcome[];
  /** What `pipeline(name, folder)` gives. Its options are `options.settings`; {@link Pipelines} has its type. */
  pipeline?(loaded: LoadedTask<Built>): LoadedPipeline;
  /** How the report shows mistakes. */
  mistakes(task: Built): MistakeReport;
  /** Entries of JSON files that an evaluation writes besides the report's, by the files' names. */
  files?(predictions: readonly Prediction[], examples: readonly Example[]): Readonly<Record<string, object>>;
}

/**
 * Types a definition by what it holds.
 *
 * @example
 * const { name, usualLength } = defineTask(taskNamed('text-classification'));
 */
export const defineTask = <Example, Prediction, Facts, Built extends Task<Example, Feature, unknown, Prediction>>(
  definition: TaskDefinition<Example, Prediction, Facts, Built>,
): TaskDefinition<Example, Prediction, Facts, Built> => definition;
