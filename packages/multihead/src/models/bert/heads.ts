/** @file BERT with a head for each kind of task. */

import { type Activation, activation } from '../../nn/layers/activation.js';
import type { Dropout } from '../../nn/layers/dropout.js';
import type { Embedding } from '../../nn/layers/embedding.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import type { Pooler } from '../../nn/layers/pooler.js';
import { VocabularyDecoder } from '../../nn/layers/vocabulary-decoder.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import { classifierDropout } from '../encoder/classifier-head.js';
import {
  MaskedLanguageModel,
  QuestionAnsweringModel,
  SequenceClassificationModel,
  TokenClassificationModel,
} from '../encoder/encoder-heads.js';
import { bertArchitecture, bertTiedWeights } from './architecture.js';
import { BertModel } from './bert.js';
import type { BertConfig } from './config.js';

/**
 * BERT for extractive question answering: scores each token as the start and end of the answer, `startLogits` and
 * `endLogits`, [batch, sequence].
 *
 * @example
 * const model = await BertForQuestionAnswering.fromPretrained('runs/qa');
 * const { startLogits, endLogits } = await model.predict(batch);
 */
export class BertForQuestionAnswering extends QuestionAnsweringModel {
  static readonly architecture = bertArchitecture;
  readonly bert: BertModel;
  readonly qaOutputs: Linear;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: false });
    this.qaOutputs = new Linear(config.hiddenSize, 2, config.initializerRange);
  }

  get encoder(): BertModel {
    return this.bert;
  }
}

/**
 * BERT for sequence classification: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model = BertForSequenceClassification.fromConfig({ ...config, numLabels: 2, id2label: ['no', 'yes'] });
 * const { logits } = await model.predict(batch);
 */
export class BertForSequenceClassification extends SequenceClassificationModel {
  static readonly architecture = bertArchitecture;
  readonly bert: BertModel;
  readonly classifier: Linear;
  protected readonly lastDropout: Dropout;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: config.classifierPooling === 'cls' });
    this.lastDropout = classifierDropout(config);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  get encoder(): BertModel {
    return this.bert;
  }

  get lastLayer(): Linear {
    return this.classifier;
  }

  protected poolFirst(first: Tensor): Tensor {
    return (this.bert.pooler as Pooler).forward(first);
  }
}

/**
 * BERT for token classification: a score for each token and label, `logits`, [batch, sequence, labels].
 *
 * @example
 * const model = BertForTokenClassification.fromConfig({ ...config, numLabels: 3, id2label: ['O', 'B-PER', 'I-PER'] });
 * const { logits } = await model.predict(batch);
 */
export class BertForTokenClassification extends TokenClassificationModel {
  static readonly architecture = bertArchitecture;
  readonly bert: BertModel;
  readonly classifier: Linear;
  protected readonly dropout: Dropout;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: false });
    this.dropout = classifierDropout(config);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  get encoder(): BertModel {
    return this.bert;
  }
}

/** Linear layer, activation and norm before the decoder. */
class BertPredictionTransform extends Module {
  readonly dense: Linear;
  readonly LayerNorm: LayerNorm;
  private readonly activate: Activation;

  constructor(config: BertConfig) {
    super();
    this.dense = new Linear(config.hiddenSize, config.hiddenSize, config.initializerRange);
    this.LayerNorm = new LayerNorm(config.hiddenSize, config.layerNormEps);
    this.activate = activation(config.hiddenAct);
  }

  forward(x: Tensor): Tensor {
    return this.LayerNorm.forward(this.activate(this.dense.forward(x)));
  }
}

/** Scores of the vocabulary; its matrix is the word embedding. [..., hiddenSize] -> [..., vocabulary] */
export class BertPredictions extends VocabularyDecoder {
  readonly transform: BertPredictionTransform;

  constructor(config: BertConfig, embedding: Embedding) {
    super(embedding, { tied: config.tieWordEmbeddings, deviation: config.initializerRange });
    this.transform = new BertPredictionTransform(config);
  }

  override forward(x: Tensor): Tensor {
    return super.forward(this.transform.forward(x));
  }
}

class BertPredictionHead extends Module {
  readonly predictions: BertPredictions;

  constructor(config: BertConfig, embedding: Embedding) {
    super();
    this.predictions = new BertPredictions(config, embedding);
  }
}

/**
 * BERT for masked language modeling: vocabulary scores at each position, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await BertForMaskedLM.fromPretrained('models/minilm');
 * const { logits } = await model.predict(batch);
 */
export class BertForMaskedLM extends MaskedLanguageModel {
  static readonly architecture = bertArchitecture;
  readonly bert: BertModel;
  readonly cls: BertPredictionHead;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: false });
    this.cls = new BertPredictionHead(config, this.bert.embeddings.wordEmbeddings);
  }

  get encoder(): BertModel {
    return this.bert;
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? bertTiedWeights : undefined;
  }

  scoreTokens(hidden: Tensor): Tensor {
    return this.cls.predictions.forward(hidden);
  }
}
