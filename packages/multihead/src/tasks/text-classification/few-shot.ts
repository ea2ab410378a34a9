/**
 * @file Classification by few examples of each label, as SetFit (Tunstall et al. 2022): first the vectors of texts with the same
 *   label are drawn together and those of others apart, then a logistic regression on the vectors gives the labels.
 *
 * SetFit draws pairs of texts and compares the two of each. Here the pairs are of one label, and all texts of a batch are compared
 * with all, by the supervised contrastive loss: a pass over 64 texts compares 2,016 pairs instead of 32.
 */
import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import type { Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { supervisedContrastive } from '../../nn/losses/supervised-contrastive.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type TextsFeature, textsFeature, tokenFeature } from '../feature.js';
import type { Fitting } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { linearProbe, probed } from './linear-probe.js';
import {
  type ClassificationFeature,
  TextClassification,
  type TextClassificationOptions,
} from './text-classification.js';

/** How many pairs of each text an epoch has. */
export const usualPairs = 5;

/**
 * Settings of training that suit few-shot classification. Length bucketing would fill batches with texts of few labels, whose
 * lengths are similar: each text is to be told apart from those of all labels.
 *
 * @example
 * const trainer = new Trainer({ model, task, train, output: 'runs/intents', ...fewShotTraining });
 */
export const fewShotTraining = {
  learningRate: 2e-5,
  epochs: 1,
  batchSize: 32,
  warmupRatio: 0.1,
  lengthBucketing: false,
} as const;

/** Options of {@link FewShotClassification}. */
export interface FewShotClassificationOptions
  extends Omit<TextClassificationOptions, 'labelSmoothing' | 'classWeights' | 'linearProbe'> {
  /** With how many others of its label each text is paired, each a feature of an epoch. Default: 5. */
  readonly pairsPerText?: number | undefined;
  /** Temperature of the supervised contrastive loss. Default: 0.05. */
  readonly temperature?: number | undefined;
  /** Inverse strength of the logistic regression's regularization (scikit-learn's C) for features of length 1. Default: 30. */
  readonly inverseStrength?: number | undefined;
  /** Seed of the pairs. Default: 42. */
  readonly seed?: number | undefined;
}

const fewShotOptionNames = namesOf<FewShotClassificationOptions>({
  tokenizer: true,
  labels: true,
  problemType: true,
  maxLength: true,
  thresholds: true,
  pairsPerText: true,
  temperature: true,
  inverseStrength: true,
  seed: true,
});

/** Two texts of one label, in few-shot training. */
export interface PairFeature extends TextsFeature {
  readonly target: readonly number[];
}

/**
 * Text classification with one label a text, trained on few examples of each.
 *
 * @example
 * const task = new FewShotClassification({ tokenizer, labels: model.config.id2label });
 * await new Trainer({ model, task, train, output: 'runs/intents', ...fewShotTraining }).train();
 */
export class FewShotClassification extends TextClassification {
  private readonly pairing: { readonly pairsPerText: number; readonly seed: number };
  private readonly temperature: number;
  override readonly fitting: Fitting<ClassificationExample>;

  constructor(options: FewShotClassificationOptions) {
    checkOptionNames(options, fewShotOptionNames, 'FewShotClassification');
    const { pairsPerText = usualPairs, temperature = 0.05, inverseStrength, seed = 42, ...own } = options;
    super(own);
    checkWhole({ pairsPerText });
    if (this.problemType !== 'single_label_classification') {
      throw new UserError(`few-shot training needs one label per text, and these labels make it ${this.problemType}`);
    }
    if (!(temperature > 0)) throw new UserError(`temperature is ${temperature}; it must be above 0`);
    this.pairing = { pairsPerText, seed };
    this.temperature = temperature;
    this.fitting = {
      when: 'evaluation',
      fit: (model, examples) => linearProbe(model, this, examples, { inverseStrength }),
    };
  }

  /** Each text with others of its label, which are drawn anew only when all have been drawn; a text alone of its label with itself. */
  async encodeTraining(examples: readonly ClassificationExample[]): Promise<PairFeature[][]> {
    this.check(examples);
    const { pairsPerText, seed } = this.pairing;
    const features = (await this.encode(examples)).flat();
    const ofLabel = this.labels.map((): ClassificationFeature[] => []);
    for (const feature of features) ofLabel[feature.target?.[0] as number]?.push(feature);
    return features.map((feature, i) => {
      const { target = [] } = feature;
      const others = ofLabel[target[0] as number]?.filter((other) => other !== feature) ?? [];
      const random = new Random(deriveSeed(seed, 'pairs', i));
      let left: ClassificationFeature[] = [];
      return Array.from({ length: pairsPerText }, () => {
        if (left.length === 0) left = others.length === 0 ? [feature] : [...others];
        const [other] = left.splice(random.below(left.length), 1) as [ClassificationFeature];
        return textsFeature([feature, other], { target });
      });
    });
  }

  /** Both texts of each pair are rows of one batch: the loss compares all with all. */
  override collate(features: readonly (ClassificationFeature | PairFeature)[]): Values {
    return super.collate(
      features.flatMap((feature) =>
        'texts' in feature ? feature.texts.map((text) => tokenFeature(text, { target: feature.target })) : feature,
      ),
    );
  }

  override loss(model: PretrainedModel): Tensor {
    const { features } = probed(model, this).forwardFeatures(modelInputs());
    const labels = input('labels', 'int64', ['batch_size']);
    return supervisedContrastive(features, labels, { temperature: this.temperature });
  }
}
