/** @file Runs a model over examples, in batches by length; predictions are in the examples' order. */
import type { PretrainedModel } from '../models/core/pretrained.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import type { Feature } from './feature.js';
import { runInBatches } from './run-in-batches.js';
import type { Evaluation, Task } from './task.js';
import { checkFeatures, checkWhole } from './validate-features.js';

/** Options of `predictExamples`. */
export interface PredictExamplesOptions {
  /** Features per batch. */
  readonly batchSize?: number | undefined;
  /** Called after each batch with the fraction of features done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

const optionNames = namesOf<PredictExamplesOptions>({ batchSize: true, onProgress: true });

/** The part of a task that prediction uses. */
export type PredictingTask<Example, OneFeature extends Feature, Decoded, Prediction> = Pick<
  Task<Example, OneFeature, Decoded, Prediction>,
  'name' | 'encode' | 'collate' | 'run' | 'decode' | 'combine'
>;

/** The part of a model that prediction uses. */
export type PredictingModel = Pick<PretrainedModel, 'limits' | 'predictValues' | 'batchScheduler'>;

/**
 * Computes the predictions for examples, in their order.
 *
 * @example
 * const predictions = await predictExamples(model, new QuestionAnswering({ tokenizer }), await readSquad('dev.json'));
 */
export async function predictExamples<Example, OneFeature extends Feature, Decoded, Prediction>(
  model: PredictingModel,
  task: PredictingTask<Example, OneFeature, Decoded, Prediction>,
  examples: readonly Example[],
  options: PredictExamplesOptions = {},
): Promise<Prediction[]> {
  checkOptionNames(options, optionNames, 'predictExamples');
  const { batchSize = 32, onProgress } = options;
  checkWhole({ batchSize });
  const encoded = await task.encode(examples);
  checkFeatures(encoded.flat(), model.limits);
  const owned = encoded.flatMap((ofExample, owner) => ofExample.map((feature) => ({ owner, feature })));
  const run = async (batch: readonly OneFeature[]) => {
    const inputs = task.collate(batch);
    // What has a `run` of its own is evaluated on whole models only, not on exported files.
    const outputs = await (task.run?.(model as PretrainedModel, inputs) ?? model.predictValues(inputs));
    return batch.map((_, row) => ({ outputs, row }));
  };
  const found = await runInBatches(
    model,
    {
      key: `predict ${task.name}`,
      features: owned.map(({ feature }) => feature),
      run,
      decode: ({ outputs, row }, feature) => task.decode(outputs, row, feature),
    },
    { batchSize, onProgress },
  );
  const decoded: Decoded[][] = examples.map(() => []);
  for (const [i, { owner }] of owned.entries()) decoded[owner]?.push(found[i] as Decoded);
  return examples.map((example, i) => task.combine(example, decoded[i] as Decoded[]));
}

/**
 * Evaluates a model on labelled examples.
 *
 * @throws UserError for a model that is not one of the task's, such as one with other labels, and for examples that cannot be
 *   evaluated
 * @example
 * const { report } = await evaluateExamples(model, new QuestionAnswering({ tokenizer }), await readSquad('dev.json'));
 */
export async function evaluateExamples<Example, OneFeature extends Feature, Decoded, Prediction>(
  model: PretrainedModel,
  task: Task<Example, OneFeature, Decoded, Prediction>,
  examples: readonly Example[],
  options: PredictExamplesOptions = {},
): Promise<Evaluation> {
  checkOptionNames(options, optionNames, 'evaluateExamples');
  task.checkModel?.(model);
  task.check?.(examples);
  return task.metrics(await predictExamples(model, task, examples, options), examples);
}
