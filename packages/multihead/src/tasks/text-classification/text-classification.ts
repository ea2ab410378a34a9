/** @file Text classification: one label, several labels, or a number for a text or a pair of texts. */

import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import { placeOf } from '../../data/examples/place-of.js';
import { labelIds } from '../../data/labels/label-names.js';
import type { ProblemType } from '../../data/labels/label-set.js';
import type { Label } from '../../data/labels/label-values.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import { problemTypeOf } from '../../models/core/classifier-labels.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { binaryCrossEntropyWithLogits, crossEntropy, meanSquaredError } from '../../nn/losses/losses.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { sigmoid, softmax } from '../../platform/softmax.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Encoding, Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { checkLabels } from '../check-labels.js';
import { collateTokens, int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import type { Evaluation, Fitting, MetricsCollector, Task } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { ClassificationCollector, RegressionCollector } from './classification-metrics.js';
import { linearProbe } from './linear-probe.js';

/** Options of `TextClassification`. */
export interface TextClassificationOptions {
  readonly tokenizer: Tokenizer;
  /** Names of the labels, in the order of the model's scores; for regression, one name. */
  readonly labels: readonly string[];
  readonly problemType?: ProblemType;
  /** Maximum number of tokens, to which longer texts are truncated. */
  readonly maxLength?: number;
  /** Label smoothing: probability spread over all labels in training; single label only. */
  readonly labelSmoothing?: number;
  /** Weight of each label in the loss; single label only. */
  readonly classWeights?: readonly number[];
  /** Whether the last layer is fitted by logistic regression before the first step ({@link linearProbe}). Default: false. */
  readonly linearProbe?: boolean | undefined;
  /** Score above which each label applies, for multi-label classification. Default: 0.5. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined;
}

const optionNames = namesOf<TextClassificationOptions>({
  tokenizer: true,
  labels: true,
  problemType: true,
  maxLength: true,
  labelSmoothing: true,
  classWeights: true,
  linearProbe: true,
  thresholds: true,
});

/** Of a task whose model says the labels. */
const taskOptionNames = optionNames.filter((name) => name !== 'labels' && name !== 'problemType');

/** The feature of a text, with its target: a class, a value, or a 0 or 1 for each label. */
export interface ClassificationFeature extends TokenFeature {
  readonly target?: readonly number[];
}

/** A predicted label with its score from 0 to 1; for regression the value. */
export interface LabelScore {
  readonly label: string;
  readonly score: number;
  /** Whether the label applies, for multi-label classification. */
  readonly applies?: boolean;
}

/** Default maximum number of tokens of a text. */
export const usualLength = 128;

/**
 * Text classification: one label, several labels, or a value per text. A prediction lists all labels with their scores,
 * highest first.
 *
 * @example
 * const task = new TextClassification({ tokenizer, labels: ['negative', 'positive'] });
 */
export class TextClassification
  implements Task<ClassificationExample, ClassificationFeature, readonly number[], readonly LabelScore[]>
{
  readonly name = 'text-classification';
  readonly problemType: ProblemType;
  readonly labels: readonly string[];
  readonly tokenizer: Tokenizer;
  readonly fitting: Fitting<ClassificationExample> | undefined;
  private readonly idOf: (name: string) => number | undefined;

  constructor(private readonly options: TextClassificationOptions) {
    checkOptionNames(options, optionNames, 'TextClassification');
    const { maxLength, labelSmoothing = 0, classWeights, labels } = options;
    checkWhole({ maxLength });
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new UserError(`labelSmoothing is ${labelSmoothing}; it must be a share from 0 to below 1`);
    }
    if (classWeights && classWeights.length !== labels.length) {
      throw new UserError(`classWeights are ${classWeights.length} numbers, but there are ${labels.length} labels`);
    }
    this.problemType = options.problemType ?? 'single_label_classification';
    this.labels = options.labels;
    this.tokenizer = options.tokenizer;
    this.idOf = labelIds(options.labels);
    this.fitting = options.linearProbe
      ? { when: 'start', fit: (model, examples) => linearProbe(model, this, examples) }
      : undefined;
  }

  checkModel(model: PretrainedModel): void {
    const { id2label } = model.config as Partial<LabelledConfig>;
    // The values of a regression have names, too, but examples have only numbers.
    if (this.problemType === 'regression' && id2label?.length === this.labels.length) return;
    checkLabels(this, model);
  }

  check(examples: readonly ClassificationExample[]): void {
    for (const [i, example] of examples.entries()) {
      const { label } = example;
      const place = placeOf(example, i);
      if (label === undefined) throw new UserError(`${place}: no label, with which a prediction could be compared`);
      this.target(label, place);
    }
  }

  async encode(examples: readonly ClassificationExample[]): Promise<ClassificationFeature[][]> {
    const { tokenizer, maxLength = usualLength } = this.options;
    const texts = examples.map(({ text, textPair }) => (textPair === undefined ? text : ([text, textPair] as const)));
    const encodings = await tokenizer.encodeBatch(texts, { maxLength, truncation: 'longest_first' });
    return examples.map((example, i) => {
      const { label } = example;
      const target = label === undefined ? undefined : { target: this.target(label, placeOf(example, i)) };
      return [tokenFeature(encodings[i] as Encoding, target)];
    });
  }

  collate(features: readonly ClassificationFeature[]): Values {
    const inputs = collateTokens(features, this.options.tokenizer.padId);
    const targets = features.flatMap(({ target }) => target ?? []);
    if (targets.length === 0) return inputs;
    if (features.some(({ target }) => !target)) throw new UserError('some examples have a label and others have none');
    if (this.problemType === 'single_label_classification')
      return { ...inputs, labels: int64(targets, [features.length]) };
    const shape = [features.length, this.labels.length];
    return { ...inputs, labels: { dtype: 'float32', shape, data: Float32Array.from(targets) } };
  }

  loss(model: PretrainedModel): Tensor {
    const { labelSmoothing = 0, classWeights } = this.options;
    const logits = model.forward(modelInputs()).scores.logits as Tensor;
    if (this.problemType === 'single_label_classification') {
      const labels = input('labels', 'int64', ['batch_size']);
      return crossEntropy(logits, labels, { labelSmoothing, ...(classWeights && { classWeights }) });
    }
    const labels = input('labels', 'float32', ['batch_size', this.labels.length]);
    if (this.problemType === 'regression') return meanSquaredError(logits, labels);
    return binaryCrossEntropyWithLogits(logits, labels);
  }

  /** Computes the probabilities of the labels, or the value. */
  decode({ logits }: Readonly<Record<string, TensorValue>>, row: number): readonly number[] {
    const { data } = logits as TensorValue;
    const count = this.labels.length;
    const scores = Array.from(data.subarray(row * count, (row + 1) * count) as Float32Array);
    if (this.problemType === 'regression') return scores;
    // A softmax of one label would say 1 of every text.
    if (this.problemType === 'multi_label_classification' || count === 1) return scores.map(sigmoid);
    return softmax(scores);
  }

  combine(_: ClassificationExample, [scores = []]: readonly (readonly number[])[]): readonly LabelScore[] {
    const { thresholds } = this.options;
    return scores
      .map((score, i): LabelScore => {
        const label = this.labels[i] as string;
        if (this.problemType !== 'multi_label_classification') return { label, score };
        return { label, score, applies: score > (thresholds?.[label] ?? 0.5) };
      })
      .sort((a, b) => b.score - a.score);
  }

  collectMetrics(): MetricsCollector<ClassificationExample, readonly LabelScore[]> {
    return this.problemType === 'regression' ? new RegressionCollector(this) : new ClassificationCollector(this);
  }

  metrics(predictions: readonly (readonly LabelScore[])[], examples: readonly ClassificationExample[]): Evaluation {
    const collector = this.collectMetrics();
    collector.add(predictions, examples);
    return collector.evaluation();
  }

  /** An example's labels by the names that the model has for them: `LABEL_0` for `0`. Names of no label stay. */
  ownNames(label: ClassificationExample['label']): string[] {
    return [label ?? []].flat().map((name) => {
      const id = this.idOf(String(name));
      return id === undefined ? String(name) : (this.labels[id] as string);
    });
  }

  /** The label as the loss wants it. */
  private target(label: Label, place: string): readonly number[] {
    if (this.problemType === 'regression') {
      if (typeof label !== 'number' || !Number.isFinite(label)) {
        throw new UserError(`${place}: the label "${label}" is not a number, and the model is a regression`);
      }
      if (this.labels.length !== 1) {
        throw new UserError(
          `${place}: the label "${label}" is one value, but the model is a regression of ${this.labels.length} ` +
            '(num_labels); it can be used, but neither trained nor evaluated. Ask for a new head of one label.',
        );
      }
      return [label];
    }
    if (this.problemType === 'single_label_classification' && Array.isArray(label)) {
      throw new UserError(`${place}: a list of labels, [${label.join(', ')}]; the model gives each text one label`);
    }
    const known = [label].flat().map((name) => {
      const id = this.idOf(String(name));
      if (id === undefined) {
        throw new UserError(`${place}: the label "${name}" is not among the model's: ${this.labels.join(', ')}`);
      }
      return id;
    });
    if (this.problemType === 'single_label_classification') return known;
    return this.labels.map((_, i) => (known.includes(i) ? 1 : 0));
  }
}

/**
 * Creates the task for a classifier, from its configuration.
 *
 * @example
 * const model = await BertForSequenceClassification.fromPretrained('runs/sst2');
 * const task = classificationTask(model.config, { tokenizer, maxLength: 128 });
 */
export function classificationTask(
  config: LabelledConfig,
  options: Omit<TextClassificationOptions, 'labels' | 'problemType'>,
): TextClassification {
  checkOptionNames(options, taskOptionNames, 'classificationTask');
  return new TextClassification({ ...options, labels: config.id2label, problemType: problemTypeOf(config) });
}
