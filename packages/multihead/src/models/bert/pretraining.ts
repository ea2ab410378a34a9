/**
 * @file BERT with its pretraining heads (Devlin et al. 2019): masked language modeling and next-sentence prediction.
 */
import type { Embedding } from '../../nn/layers/embedding.js';
import { Linear } from '../../nn/layers/linear.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import { NextSentenceModel } from '../encoder/encoder-heads.js';
import { bertArchitecture, bertTiedWeights } from './architecture.js';
import { BertModel } from './bert.js';
import type { BertConfig } from './config.js';
import { BertPredictions } from './heads.js';

class BertPretrainingHeads extends Module {
  readonly predictions: BertPredictions;
  readonly seqRelationship: Linear;

  constructor(config: BertConfig, embedding: Embedding) {
    super();
    this.predictions = new BertPredictions(config, embedding);
    this.seqRelationship = new Linear(config.hiddenSize, 2, config.initializerRange);
  }
}

/**
 * BERT with both pretraining heads: vocabulary scores at each position, and whether the second text of a pair follows
 * the first: `predictionLogits` [batch, sequence, vocabulary] and `seqRelationshipLogits` [batch, 2], where class 0 is
 * "follows".
 *
 * A saved model loads as `BertForMaskedLM` and, with its pooler, as `BertForSequenceClassification` and `BertModel`.
 *
 * @example
 * const model = BertForPreTraining.fromConfig(config);
 * const task = new NextSentencePrediction({ tokenizer });
 */
export class BertForPreTraining extends NextSentenceModel {
  static readonly architecture = bertArchitecture;
  readonly bert: BertModel;
  readonly cls: BertPretrainingHeads;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config);
    this.cls = new BertPretrainingHeads(config, this.bert.embeddings.wordEmbeddings);
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

  scorePairs(pooled: Tensor): Tensor {
    return this.cls.seqRelationship.forward(pooled);
  }
}
