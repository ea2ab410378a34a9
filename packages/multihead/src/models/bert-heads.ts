/** @file BERT with a head for each task: question answering, text classification, masked language modelling. */
import { type Activation, activation } from '../nn/activation.js';
import { Dropout } from '../nn/dropout.js';
import type { Embedding } from '../nn/embedding.js';
import { LayerNorm } from '../nn/layer-norm.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import { VocabularyDecoder } from '../nn/vocabulary-decoder.js';
import type { Tensor } from '../tensor/tensor.js';
import { BertModel } from './bert.js';
import { BertPretrainedModel, bertTiedWeights } from './bert-pretrained.js';
import { adaptLabels } from './classifier-labels.js';
import type { BertConfig } from './config.js';
import type { ModelInputs, ModelOutputs } from './model.js';
import type { TiedWeights } from './tied-weights.js';

/**
 * Finds an answer's first and last token in a text: `start_logits` and `end_logits`, [batch, sequence].
 *
 * @example
 * const model = await BertForQuestionAnswering.fromPretrained('runs/qa');
 * const { start_logits, end_logits } = await model.predict(batch);
 */
export class BertForQuestionAnswering extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly qaOutputs: Linear;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: false });
    this.qaOutputs = new Linear(config.hiddenSize, 2, config.initializerRange);
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.bert.forward(inputs);
    const both = this.qaOutputs.forward(lastHiddenState); // [batch, sequence, 2]
    const logits = (which: number) => both.slice(2, which, which + 1).squeeze(2);
    return { scores: { start_logits: logits(0), end_logits: logits(1) }, hiddenStates, attentions };
  }
}

/**
 * Scores a text for each label: `logits`, [batch, labels].
 *
 * @example
 * const model = BertForSequenceClassification.fromConfig({ ...config, numLabels: 2, id2label: ['no', 'yes'] });
 * const { logits } = await model.predict(batch);
 */
export class BertForSequenceClassification extends BertPretrainedModel {
  /** Other labels than the folder's make a new head; the same names in another order keep it. */
  static readonly adapt = adaptLabels;
  readonly bert: BertModel;
  readonly classifier: Linear;
  private readonly dropout: Dropout;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config);
    this.dropout = new Dropout(config.classifierDropout ?? config.hiddenDropoutProb);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { pooled, hiddenStates, attentions } = this.bert.forwardPooled(inputs);
    const logits = this.classifier.forward(this.dropout.forward(pooled));
    return { scores: { logits }, hiddenStates, attentions };
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
 * Scores every token of the vocabulary at each position: `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await BertForMaskedLM.fromPretrained('models/minilm');
 * const { logits } = await model.predict(batch);
 */
export class BertForMaskedLM extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly cls: BertPredictionHead;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config, { pooler: false });
    this.cls = new BertPredictionHead(config, this.bert.embeddings.wordEmbeddings);
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? bertTiedWeights : undefined;
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.bert.forward(inputs);
    return { scores: { logits: this.cls.predictions.forward(lastHiddenState) }, hiddenStates, attentions };
  }

  /**
   * Scores at some positions only: no matrix of all tokens by the whole vocabulary is made. Pretraining asks for the masked
   * positions, 15 % of all.
   *
   * @param positions int64 [positions], the token at place p of text b being b * sequenceLength + p
   * @returns [positions, vocabulary]
   */
  forwardMasked(inputs: ModelInputs, positions: Tensor): Tensor {
    return this.cls.predictions.forward(this.bert.forwardAt(inputs, positions));
  }
}
