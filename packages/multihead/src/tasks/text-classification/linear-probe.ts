/**
 * @file The last layer of a classifier, fitted by logistic regression to the features that the rest of the model makes (a linear
 *   probe; Alain and Bengio 2016). Nothing else of the model changes.
 */
import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import type { TensorValue } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { SequenceClassificationModel } from '../../models/encoder/encoder-heads.js';
import type { Parameter } from '../../nn/module.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { fitLogisticRegression } from '../../vectors/logistic-regression/logistic-regression.js';
import type { Vectors } from '../../vectors/vectors.js';
import { runInBatches } from '../run-in-batches.js';
import { checkFeatures, checkWhole } from '../validate-features.js';
import type { ClassificationFeature, TextClassification } from './text-classification.js';

/** Options of {@link linearProbe}. */
export interface LinearProbeOptions {
  /** Inverse strength of the regularization (scikit-learn's C) for features of length 1. Default: 30. */
  readonly inverseStrength?: number | undefined;
  /** Texts per batch. Default: 32. */
  readonly batchSize?: number | undefined;
}

/** Chosen on Banking77 with 10 texts a label; level with other strengths on all of it and on SST-2 (docs/results.md). */
const usualStrength = 30;

const optionNames = namesOf<LinearProbeOptions>({ inverseStrength: true, batchSize: true });

/**
 * Fits the last layer of a classifier by logistic regression. It takes one pass over the texts, where training takes several:
 * a baseline that training has to beat, and a start for it (Kumar et al. 2022).
 *
 * The features x: [texts, size] that the last layer reads are divided by their lengths; `fitLogisticRegression` finds W:
 * [labels, size] and b: [labels] for them. The layer's weight becomes W / (mean length of the features), its bias b.
 *
 * @param model    a classifier with one label a text
 * @param examples texts with their labels
 * @throws UserError for a model of several labels a text, of numbers, of other labels than the task's, or that is not a sequence
 *   classifier; for texts without labels, or whose labels are all the same; for a `batchSize` that is not a whole number from 1, and
 *   an `inverseStrength` that is not above 0
 * @example
 * const model = await AutoModelForSequenceClassification.fromPretrained('models/minilm', {
 *   config: { id2label: ['negative', 'positive'], classifierPooling: 'mean' },
 * });
 * const task = classificationTask(model.config, { tokenizer });
 * await linearProbe(model, task, await readClassificationExamples('train.csv'));
 */
export async function linearProbe(
  model: PretrainedModel,
  task: TextClassification,
  examples: readonly ClassificationExample[],
  options: LinearProbeOptions = {},
): Promise<void> {
  checkOptionNames(options, optionNames, 'linearProbe');
  const { inverseStrength = usualStrength, batchSize = 32 } = options;
  checkWhole({ batchSize });
  const classifier = probed(model, task);
  task.checkModel(model);
  task.check(examples);
  const features = (await task.encode(examples)).flat();
  checkFeatures(features, model.limits);
  const { rows, meanLength } = unitRows(await classifierFeatures(classifier, task, features, batchSize));
  const labels = features.map(({ target = [] }) => target[0] as number);
  const classes = task.labels.length;
  const { coefficients, intercepts } = await fitLogisticRegression(rows, labels, { classes, inverseStrength });
  const { weight, bias } = classifier.lastLayer;
  await model.weights.write(
    new Map([
      [weight.name, coefficients.map((coefficient) => coefficient / meanLength)],
      [(bias as Parameter).name, intercepts],
    ]),
  );
}

/**
 * Features as rows of length 1, so that long ones count no more than others and the regularization is as strong for every model.
 * The last layer reads them as they are: its weights are divided by their mean length.
 */
function unitRows(features: readonly Float32Array[]): { rows: Vectors; meanLength: number } {
  const size = features[0]?.length ?? 0;
  const data = new Float32Array(features.length * size);
  let sum = 0;
  for (const [i, row] of features.entries()) {
    const length = Math.hypot(...row) || 1;
    data.set(
      row.map((value) => value / length),
      i * size,
    );
    sum += length;
  }
  return { rows: { dtype: 'float32', data, shape: [features.length, size] }, meanLength: sum / features.length };
}

/**
 * Refuses what a linear probe cannot be fitted to.
 *
 * @throws UserError
 */
export function probed(
  model: PretrainedModel,
  { problemType, labels }: TextClassification,
): SequenceClassificationModel {
  if (!(model instanceof SequenceClassificationModel)) {
    throw new UserError(`a linear probe needs a sequence classifier, and the model is a ${model.constructor.name}`);
  }
  if (problemType === 'single_label_classification' && labels.length > 1) return model;
  throw new UserError(
    `a linear probe gives each text one of two labels or more; the model is one of ${problemType}, with ` +
      `${labels.length} label${labels.length === 1 ? '' : 's'}`,
  );
}

/** What the last layer reads of each feature. */
async function classifierFeatures(
  model: SequenceClassificationModel,
  task: TextClassification,
  features: readonly ClassificationFeature[],
  batchSize: number,
): Promise<Float32Array[]> {
  const key = 'classifier features';
  const build = () => ({ features: model.forwardFeatures(modelInputs()).features });
  const run = async (batch: readonly ClassificationFeature[]) => {
    const { labels: _, ...inputs } = task.collate(batch);
    const { features: found } = await model.weights.run(key, build, inputs);
    const { data, shape } = found as TensorValue;
    const size = shape[1] as number;
    return batch.map((_, row) => (data as Float32Array).slice(row * size, (row + 1) * size));
  };
  return runInBatches(model, { key, features, run, decode: (row: Float32Array) => row }, { batchSize });
}
