/** @file RoBERTa with a head for each kind of task. */

import { activation } from '../../nn/layers/activation.js';
import type { Dropout } from '../../nn/layers/dropout.js';
import type { Embedding } from '../../nn/layers/embedding.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import { VocabularyDecoder } from '../../nn/layers/vocabulary-decoder.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import { ClassifierHead, classifierDropout, DenseHeadClassifier } from '../encoder/classifier-head.js';
import { MaskedLanguageModel, QuestionAnsweringModel, TokenClassificationModel } from '../encoder/encoder-heads.js';
import { robertaArchitecture, robertaTiedWeights } from './architecture.js';
import type { RobertaConfig } from './config.js';
import { RobertaModel } from './roberta.js';

/** Scores of the vocabulary; its matrix is the word embedding. [..., hiddenSize] -> [..., vocabulary] */
class RobertaLMHead extends VocabularyDecoder {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;

  constructor(config: RobertaConfig, embedding: Embedding) {
    super(embedding, { tied: config.tieWordEmbeddings, deviation: config.initializerRange });
    this.dense = new Linear(config.hiddenSize, config.hiddenSize, config.initializerRange);
    this.layerNorm = new LayerNorm(config.hiddenSize, config.layerNormEps);
  }

  override forward(x: Tensor): Tensor {
    return super.forward(this.layerNorm.forward(activation('gelu')(this.dense.forward(x))));
  }
}

/**
 * RoBERTa for masked language modeling: vocabulary scores at each position, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model = await RobertaForMaskedLM.fromPretrained('models/roberta-base');
 */
export class RobertaForMaskedLM extends MaskedLanguageModel {
  static readonly architecture = robertaArchitecture;
  readonly roberta: RobertaModel;
  readonly lmHead: RobertaLMHead;

  constructor(readonly config: RobertaConfig) {
    super();
    this.roberta = new RobertaModel(config, { pooler: false });
    this.lmHead = new RobertaLMHead(config, this.roberta.embeddings.wordEmbeddings);
  }

  get encoder(): RobertaModel {
    return this.roberta;
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? robertaTiedWeights : undefined;
  }

  scoreTokens(hidden: Tensor): Tensor {
    return this.lmHead.forward(hidden);
  }
}

/**
 * RoBERTa for sequence classification: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model = await RobertaForSequenceClassification.fromPretrained('models/twitter-roberta-base-sentiment');
 */
export class RobertaForSequenceClassification extends DenseHeadClassifier {
  static readonly architecture = robertaArchitecture;
  readonly roberta: RobertaModel;
  readonly classifier: ClassifierHead;

  constructor(readonly config: RobertaConfig) {
    super();
    this.roberta = new RobertaModel(config, { pooler: false });
    this.classifier = new ClassifierHead(config, 'tanh');
  }

  get encoder(): RobertaModel {
    return this.roberta;
  }
}

/**
 * RoBERTa for token classification: a score for each token and label, `logits`, [batch, sequence, labels].
 *
 * @example
 * const model = await RobertaForTokenClassification.fromPretrained('models/roberta-ner');
 */
export class RobertaForTokenClassification extends TokenClassificationModel {
  static readonly architecture = robertaArchitecture;
  readonly roberta: RobertaModel;
  readonly classifier: Linear;
  protected readonly dropout: Dropout;

  constructor(readonly config: RobertaConfig) {
    super();
    this.roberta = new RobertaModel(config, { pooler: false });
    this.dropout = classifierDropout(config);
    this.classifier = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
  }

  get encoder(): RobertaModel {
    return this.roberta;
  }
}

/**
 * RoBERTa for extractive question answering: scores each token as the start and end of the answer, `startLogits` and
 * `endLogits`, [batch, sequence].
 *
 * @example
 * const model = await RobertaForQuestionAnswering.fromPretrained('models/roberta-base-squad2');
 */
export class RobertaForQuestionAnswering extends QuestionAnsweringModel {
  static readonly architecture = robertaArchitecture;
  readonly roberta: RobertaModel;
  readonly qaOutputs: Linear;

  constructor(readonly config: RobertaConfig) {
    super();
    this.roberta = new RobertaModel(config, { pooler: false });
    this.qaOutputs = new Linear(config.hiddenSize, 2, config.initializerRange);
  }

  get encoder(): RobertaModel {
    return this.roberta;
  }
}
