/** @file Evaluates exported files on labelled examples, as the task of the model's head does. */
import type { PretrainedModel } from '../models/core/pretrained.js';
import { familyOf } from '../models/registry.js';
import { UserError } from '../platform/errors.js';
import type { Feature } from '../tasks/feature.js';
import { type PredictingModel, predictExamples } from '../tasks/predict.js';
import { tasks } from '../tasks/registry.js';
import type { Task } from '../tasks/task.js';
import { maxLengthFor } from '../tasks/validate-features.js';
import type { Tokenizer } from '../text/tokenizer/tokenizer.js';

/** A score of a model or a file. */
export interface ExportedMetric {
  /** The main metric of the task, such as `accuracy`. */
  readonly name: string;
  readonly value: number;
}

/** Labelled examples, on which a model and its files are evaluated. */
export class ExampleSet {
  private constructor(
    private readonly task: Task<unknown, Feature, unknown, unknown>,
    private readonly examples: readonly unknown[],
  ) {}

  /**
   * Reads examples for the task that a model has a head for.
   *
   * @param path a file, a folder or a pattern, as `multihead evaluate --data` reads it
   * @param folder the model's
   * @throws UserError for a model whose head no task evaluates, and for examples that cannot be read
   */
  static async read(path: string, folder: string, model: PretrainedModel, tokenizer: Tokenizer): Promise<ExampleSet> {
    const { heads } = familyOf(model.config.modelType, folder);
    const definition = tasks().find(({ head }) => head !== 'Model' && heads[head]?.name === model.constructor.name);
    if (!definition) {
      const names = tasks().map(({ name }) => name);
      throw new UserError(`${folder}: no task evaluates ${model.constructor.name}; there are: ${names.join(', ')}`);
    }
    const stream = await definition.openLabelled(path, { split: 'test', options: {} });
    const examples: unknown[] = [];
    for await (const group of stream.examples()) examples.push(...group);
    const derived = definition.settingsOf?.(stream, {}, () => undefined);
    const options = { ...(await definition.learnedSettings?.(folder)), ...derived };
    const maxLength = maxLengthFor(model.limits, undefined, definition.usualLength);
    const task = definition.create({ config: model.config, tokenizer, maxLength, options });
    task.check?.(examples);
    return new ExampleSet(task, examples);
  }

  /** The main metric of what a model predicts. */
  async score(model: PredictingModel): Promise<ExportedMetric> {
    const predictions = await predictExamples(model, this.task, this.examples);
    const { metrics, mainMetric } = this.task.metrics(predictions, this.examples);
    return { name: mainMetric, value: metrics[mainMetric] as number };
  }
}
