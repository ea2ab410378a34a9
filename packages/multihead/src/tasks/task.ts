/**
 * @file What a task is. Trainer, command line and pipelines know tasks by this alone.
 *
 *     example --encode--> features --collate--> batch --model--> outputs --decode, combine--> prediction --metrics--> report
 */
import type { TensorValue, Values } from '../engine/engine.js';
import type { PretrainedModel } from '../models/pretrained.js';
import type { Tensor } from '../tensor/tensor.js';

/** The names of tasks, as the Hugging Face hub has them. */
export type TaskName = 'text-classification' | 'question-answering';

/** One text, or window of a text, as the model reads it. */
export interface Feature {
  readonly inputIds: readonly number[];
  readonly tokenTypeIds: readonly number[];
}

/** What an evaluation comes to. */
export interface Evaluation {
  /** Scores by name, such as accuracy or f1. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The name of the metric by which models are compared; more is better. */
  readonly mainMetric: string;
  /** The report as people read it. */
  readonly report: string;
}

/**
 * A task over its kinds of example, feature and prediction. `Decoded` is what one feature's outputs say, before those
 * of an example's features are combined.
 */
export interface Task<Example, OneFeature extends Feature = Feature, Decoded = unknown, Prediction = unknown> {
  readonly name: TaskName;
  /** Each example becomes one feature or, where it is cut into windows, several. */
  encode(examples: readonly Example[]): Promise<OneFeature[][]>;
  /** Pads features to a batch: the model's inputs and, where the features have them, labels. */
  collate(features: readonly OneFeature[]): Values;
  /** Builds the graph of the loss; labels are graph inputs under the names that `collate` gives. */
  loss(model: PretrainedModel): Tensor;
  /** What the model's outputs say of one feature, the one at `row` of the batch. */
  decode(outputs: Readonly<Record<string, TensorValue>>, row: number, feature: OneFeature): Decoded;
  /** The prediction for an example, out of what its features say. */
  combine(example: Example, decoded: readonly Decoded[]): Prediction;
  /** Compares predictions with what the examples hold. */
  metrics(predictions: readonly Prediction[], examples: readonly Example[]): Evaluation;
}

/** A task of which nothing more is known. */
export type AnyTask<Example = never> = Task<Example, never, never, never>;
