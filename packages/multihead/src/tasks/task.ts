/**
 * @file The interface of a task, on which Trainer, command line and pipelines are built.
 *
 *     example --encode--> features --collate--> batch --model--> outputs --decode, combine--> prediction --metrics--> report
 */
import type { TensorValue, Values } from '../engine/engine.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { Module } from '../nn/module.js';
import type { Random } from '../platform/random.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';
import type { CachedLoss } from './cached-loss.js';
import type { Feature } from './feature.js';

/** Result of an evaluation. */
export interface Evaluation {
  /** Scores by name, such as accuracy or f1. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Name of the metric by which models are compared. */
  readonly mainMetric: string;
  /** Whether greater values of the main metric are better. Default: true; false for a loss. */
  readonly greaterIsBetter?: boolean;
  /** The report as text. */
  readonly report: string;
  /** Confusion matrix of decisions smaller than an example, such as the entity types of words. */
  readonly confusion?: Confusion;
  /** Best threshold of each label in multi-label classification, which is saved with the model. */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** A confusion matrix. */
export interface Confusion {
  readonly labels: readonly string[];
  /** matrix[i][j]: number of decisions with label i that were predicted as label j */
  readonly matrix: readonly (readonly number[])[];
}

/** Parameters that are computed of the training examples by other means than gradient steps, such as a classifier's last layer. */
export interface Fitting<Example> {
  /** `start`: once, before the first step. `evaluation`: after steps, before the model is evaluated or saved. */
  readonly when: 'start' | 'evaluation';
  /** Computes them, and writes them to the model. */
  fit(model: PretrainedModel, examples: readonly Example[]): Promise<void>;
}

/** Collects predictions incrementally, keeping only what the metrics need. */
export interface MetricsCollector<Example, Prediction> {
  /** Adds predictions and their examples. */
  add(predictions: readonly Prediction[], examples: readonly Example[]): void;
  /** Returns the evaluation of all added predictions. */
  evaluation(): Evaluation;
}

/** The part of a task that training uses: batches and their loss. Pretraining objectives have no more than this. */
export interface TrainingTask<OneFeature extends Feature = Feature> {
  readonly name: string;
  /** The tokenizer, which is saved with the model; undefined if the task reads no text. */
  readonly tokenizer?: Tokenizer | undefined;
  /**
   * Pads features to a batch: the model's inputs and, where the features have them, labels.
   *
   * @param random random numbers for what is drawn anew for each batch, such as masks
   */
  collate(features: readonly OneFeature[], random: Random): Values;
  /** Builds the graph of the loss; labels are graph inputs under the names that `collate` gives. */
  loss(model: PretrainedModel): Tensor;
  /**
   * Checks that a model is one that the task trains and evaluates: that its labels are the task's, for example. Default: any is.
   *
   * @throws UserError that says what of the model does not suit the task
   */
  checkModel?(model: PretrainedModel): void;
  /** Returns layers that only the loss has, as `model.lossHead` during training. Default: none. */
  lossHead?(): Module | undefined;
  /** The same loss for batches that are larger than memory: their texts go through the model in parts. Default: whole batches. */
  readonly cached?: CachedLoss | undefined;
  /** Returns further files that are saved with the model, by their paths in its folder: settings that others read. */
  files?(): Readonly<Record<string, string>>;
}

/**
 * A task over its kinds of example, feature and prediction. `Decoded` is the decoded output of one feature, before
 * those of an example's features are combined.
 */
export interface Task<Example, OneFeature extends Feature = Feature, Decoded = unknown, Prediction = unknown>
  extends TrainingTask<OneFeature> {
  readonly name: string;
  /** Whether an example may become several features: windows of a long text. Default: false. */
  readonly cutsExamples?: boolean;
  /**
   * Returns keys of an example of which a training batch is to hold each once, such as its texts where those of others are
   * negatives. Default: none.
   */
  apart?(example: Example): readonly string[];
  /** Computes parameters of the training examples, besides the steps of the optimizer. Default: none. */
  readonly fitting?: Fitting<Example> | undefined;
  /**
   * Checks the examples of an evaluation before a run begins.
   *
   * @throws UserError for an example that the model cannot be evaluated on
   */
  check?(examples: readonly Example[]): void;
  /** Encodes each example to one feature or, if it is cut into windows, several. */
  encode(examples: readonly Example[]): Promise<OneFeature[][]>;
  /**
   * Encodes examples for training, where that is not as for prediction: the documents of a query may be one feature, whose
   * scores the loss compares. Default: as {@link encode} does.
   */
  encodeTraining?(examples: readonly Example[]): Promise<OneFeature[][]>;
  collate(features: readonly OneFeature[]): Values;
  /**
   * Runs the model on a batch, for prediction. Default: the forward pass with the model's own outputs. A task that needs others,
   * such as vectors of texts, runs a graph of its own.
   */
  run?(model: PretrainedModel, batch: Values): Promise<Readonly<Record<string, TensorValue>>>;
  /** Decodes the model's outputs for one feature, at `row` of the batch. */
  decode(outputs: Readonly<Record<string, TensorValue>>, row: number, feature: OneFeature): Decoded;
  /** Combines the decoded features of an example to its prediction. */
  combine(example: Example, decoded: readonly Decoded[]): Prediction;
  /** Evaluates predictions against the labels of their examples. */
  metrics(predictions: readonly Prediction[], examples: readonly Example[]): Evaluation;
  /**
   * Creates a collector of metrics, for examples that are not all in memory. Tasks without it are evaluated in memory
   * only.
   */
  collectMetrics?(): MetricsCollector<Example, Prediction>;
}
