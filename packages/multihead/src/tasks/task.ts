/**
 * @file What a task is. Trainer, command line and pipelines know tasks by this alone.
 *
 *     example --encode--> features --collate--> batch --model--> outputs --decode, combine--> prediction --metrics--> report
 */
import type { TensorValue, Values } from '../engine/engine.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { Random } from '../platform/random.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';
import type { Feature } from './feature.js';

/** What an evaluation comes to. */
export interface Evaluation {
  /** Scores by name, such as accuracy or f1. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The name of the metric by which models are compared. */
  readonly mainMetric: string;
  /** Whether more of the main metric is better. Default: true; false for a loss. */
  readonly greaterIsBetter?: boolean;
  /** The report as people read it. */
  readonly report: string;
  /** What was taken for what, where single decisions are not whole examples: of words, the kinds of entities that they are in. */
  readonly confusion?: Confusion;
  /** Of several labels a text: the threshold of each that was best here, which is kept with the model. */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** Which labels were taken for which. */
export interface Confusion {
  readonly labels: readonly string[];
  /** matrix[i][j]: decisions of label i that were taken for label j */
  readonly matrix: readonly (readonly number[])[];
}

/** Collects predictions that come one window after the other, and keeps no more of them than the metrics need. */
export interface MetricsCollector<Example, Prediction> {
  /** Compares predictions with what their examples hold. */
  add(predictions: readonly Prediction[], examples: readonly Example[]): void;
  /** What all that was added comes to. */
  evaluation(): Evaluation;
}

/** What training needs of a task: batches, and their loss. Pretraining has no more than this. */
export interface TrainingTask<OneFeature extends Feature = Feature> {
  readonly name: string;
  /** Saved with the model that is trained; undefined where the task reads no text. */
  readonly tokenizer?: Tokenizer | undefined;
  /**
   * Pads features to a batch: the model's inputs and, where the features have them, labels.
   *
   * @param random what is drawn anew for each batch comes from here, such as which tokens are masked
   */
  collate(features: readonly OneFeature[], random: Random): Values;
  /** Builds the graph of the loss; labels are graph inputs under the names that `collate` gives. */
  loss(model: PretrainedModel): Tensor;
}

/**
 * A task over its kinds of example, feature and prediction. `Decoded` is what one feature's outputs say, before those
 * of an example's features are combined.
 */
export interface Task<Example, OneFeature extends Feature = Feature, Decoded = unknown, Prediction = unknown>
  extends TrainingTask<OneFeature> {
  readonly name: string;
  /** Whether an example may become several features: windows of a long text. Default: false. */
  readonly cutsExamples?: boolean;
  /**
   * Looks at examples that a run will evaluate, before it begins.
   *
   * @throws UserError for one that the model cannot be compared with
   */
  check?(examples: readonly Example[]): void;
  /** Each example becomes one feature or, where it is cut into windows, several. */
  encode(examples: readonly Example[]): Promise<OneFeature[][]>;
  collate(features: readonly OneFeature[]): Values;
  /** What the model's outputs say of one feature, the one at `row` of the batch. */
  decode(outputs: Readonly<Record<string, TensorValue>>, row: number, feature: OneFeature): Decoded;
  /** The prediction for an example, out of what its features say. */
  combine(example: Example, decoded: readonly Decoded[]): Prediction;
  /** Compares predictions with what the examples hold. */
  metrics(predictions: readonly Prediction[], examples: readonly Example[]): Evaluation;
  /** The same for examples of which not all are in memory at once. Tasks that lack it are evaluated in memory only. */
  collectMetrics?(): MetricsCollector<Example, Prediction>;
}
