/** @file ELECTRA's discriminator with a head for each kind of task. */

import type { Dropout } from '../../nn/layers/dropout.js';
import { Linear } from '../../nn/layers/linear.js';
import { ClassifierHead, classifierDropout, DenseHeadClassifier } from '../encoder/classifier-head.js';
import { QuestionAnsweringModel, TokenClassificationModel } from '../encoder/encoder-heads.js';
import { electraArchitecture } from './architecture.js';
import type { ElectraConfig } from './config.js';
import { ElectraModel } from './electra.js';

/**
 * ELECTRA for sequence classification: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model = await ElectraForSequenceClassification.fromPretrained('models/electra-small-discriminator');
 */
export class ElectraForSequenceClassification extends DenseHeadClassifier {
  static readonly architecture = electraArchitecture;
  readonly electra: ElectraModel;
  readonly classifier: ClassifierHead;

  constructor(readonly config: ElectraConfig) {
    super();
    this.electra = new ElectraModel(config);
    this.classifier = new ClassifierHead(config, 'gelu');
  }

  get encoder(): ElectraModel {
    return this.electra;
  }
}

/**
 * ELECTRA for token classification: a score for each token and label, `logits`, [batch, sequence, labels].
 *
 * @example
 * const model = await ElectraForTokenClassification.fromPretrained('models/electra-ner');
 */
export class ElectraForTokenClassification extends TokenClassificationModel {
  static readonly architecture = electraArchitecture;
  readonly electra: ElectraModel;
  readonly classifier: Linear;
  protected readonly dropout: Dropout;

  constructor(readonly config: ElectraConfig) {
    super();
    this.electra = new ElectraModel(config);
    this.dropout = classifierDropout(config);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  get encoder(): ElectraModel {
    return this.electra;
  }
}

/**
 * ELECTRA for extractive question answering: scores each token as the start and end of the answer, `startLogits` and
 * `endLogits`, [batch, sequence].
 *
 * @example
 * const model = await ElectraForQuestionAnswering.fromPretrained('models/electra-squad');
 */
export class ElectraForQuestionAnswering extends QuestionAnsweringModel {
  static readonly architecture = electraArchitecture;
  readonly electra: ElectraModel;
  readonly qaOutputs: Linear;

  constructor(readonly config: ElectraConfig) {
    super();
    this.electra = new ElectraModel(config);
    this.qaOutputs = new Linear(config.hiddenSize, 2, config.initializerRange);
  }

  get encoder(): ElectraModel {
    return this.electra;
  }
}
