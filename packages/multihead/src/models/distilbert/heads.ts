/** @file DistilBERT with a head for each kind of task. */
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import { VocabularyProjection } from '../../nn/layers/vocabulary-projection.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import {
  MaskedLanguageModel,
  QuestionAnsweringModel,
  SequenceClassificationModel,
  TokenClassificationModel,
} from '../encoder/encoder-heads.js';
import { distilBertArchitecture, distilBertTiedWeights } from './architecture.js';
import type { DistilBertConfig } from './config.js';
import { DistilBertModel } from './distilbert.js';

/**
 * DistilBERT for masked language modeling: vocabulary scores at each position, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await DistilBertForMaskedLM.fromPretrained('models/distilbert-base-uncased');
 */
export class DistilBertForMaskedLM extends MaskedLanguageModel {
  static readonly architecture = distilBertArchitecture;
  readonly distilbert: DistilBertModel;
  readonly vocabTransform: Linear;
  readonly vocabLayerNorm: LayerNorm;
  readonly vocabProjector: VocabularyProjection;
  private readonly activate: Activation;

  constructor(readonly config: DistilBertConfig) {
    super();
    const { hiddenSize, initializerRange: deviation, tieWordEmbeddings: tied } = config;
    this.distilbert = new DistilBertModel(config);
    this.vocabTransform = new Linear(hiddenSize, hiddenSize, deviation);
    this.vocabLayerNorm = new LayerNorm(hiddenSize, config.layerNormEps);
    this.vocabProjector = new VocabularyProjection(this.distilbert.embeddings.wordEmbeddings, { tied, deviation });
    this.activate = activation(config.hiddenAct);
  }

  get encoder(): DistilBertModel {
    return this.distilbert;
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? distilBertTiedWeights : undefined;
  }

  scoreTokens(hidden: Tensor): Tensor {
    const transformed = this.vocabLayerNorm.forward(this.activate(this.vocabTransform.forward(hidden)));
    return this.vocabProjector.forward(transformed);
  }
}

/**
 * DistilBERT for sequence classification: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model = await DistilBertForSequenceClassification.fromPretrained('models/distilbert-sst-2');
 */
export class DistilBertForSequenceClassification extends SequenceClassificationModel {
  static readonly architecture = distilBertArchitecture;
  readonly distilbert: DistilBertModel;
  /** The layer before the last one; undefined for a classifier of means. */
  readonly preClassifier: Linear | undefined;
  readonly classifier: Linear;
  protected readonly lastDropout: Dropout;

  constructor(readonly config: DistilBertConfig) {
    super();
    const { hiddenSize, initializerRange, classifierPooling } = config;
    this.distilbert = new DistilBertModel(config);
    this.preClassifier = classifierPooling === 'cls' ? new Linear(hiddenSize, hiddenSize, initializerRange) : undefined;
    this.classifier = new Linear(hiddenSize, config.numLabels, initializerRange);
    this.lastDropout = new Dropout(config.seqClassifDropout);
  }

  get encoder(): DistilBertModel {
    return this.distilbert;
  }

  get lastLayer(): Linear {
    return this.classifier;
  }

  /** relu(W_1 h_0 + b_1) */
  protected poolFirst(first: Tensor): Tensor {
    return (this.preClassifier as Linear).forward(first.squeeze(1)).relu();
  }
}

/**
 * DistilBERT for token classification: a score for each token and label, `logits`, [batch, sequence, labels].
 *
 * @example
 * const model = await DistilBertForTokenClassification.fromPretrained('models/distilbert-ner');
 */
export class DistilBertForTokenClassification extends TokenClassificationModel {
  static readonly architecture = distilBertArchitecture;
  readonly distilbert: DistilBertModel;
  readonly classifier: Linear;
  protected readonly dropout: Dropout;

  constructor(readonly config: DistilBertConfig) {
    super();
    this.distilbert = new DistilBertModel(config);
    this.dropout = new Dropout(config.hiddenDropoutProb);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  get encoder(): DistilBertModel {
    return this.distilbert;
  }
}

/**
 * DistilBERT for extractive question answering: scores each token as the start and end of the answer, `startLogits` and
 * `endLogits`, [batch, sequence].
 *
 * @example
 * const model = await DistilBertForQuestionAnswering.fromPretrained('models/distilbert-squad');
 */
export class DistilBertForQuestionAnswering extends QuestionAnsweringModel {
  static readonly architecture = distilBertArchitecture;
  readonly distilbert: DistilBertModel;
  readonly qaOutputs: Linear;
  private readonly dropout: Dropout;

  constructor(readonly config: DistilBertConfig) {
    super();
    this.distilbert = new DistilBertModel(config);
    this.qaOutputs = new Linear(config.hiddenSize, 2, config.initializerRange);
    this.dropout = new Dropout(config.qaDropout);
  }

  get encoder(): DistilBertModel {
    return this.distilbert;
  }

  protected override scoreEnds(hidden: Tensor): Tensor {
    return super.scoreEnds(this.dropout.forward(hidden));
  }
}
