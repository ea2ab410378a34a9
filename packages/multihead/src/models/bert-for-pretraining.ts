/** @file BERT as it is pretrained (Devlin et al. 2019): a head for hidden words, and one for whether a text follows another. */
import type { Embedding } from '../nn/embedding.js';
import { Linear } from '../nn/linear.js';
import { Module } from '../nn/module.js';
import type { Tensor } from '../tensor/tensor.js';
import { BertModel } from './bert.js';
import { BertPredictions } from './bert-heads.js';
import { BertPretrainedModel, bertTiedWeights } from './bert-pretrained.js';
import type { BertConfig } from './config.js';
import type { ModelInputs, ModelOutputs } from './model.js';
import type { TiedWeights } from './tied-weights.js';

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
 * Scores every token of the vocabulary at each position, and whether the second text of a pair follows the first:
 * `prediction_logits` [batch, sequence, vocabulary] and `seq_relationship_logits` [batch, 2], where class 0 is "follows".
 *
 * What it saves loads as `BertForMaskedLM` and, with its pooler, as `BertForSequenceClassification` and `BertModel`.
 *
 * @example
 * const model = BertForPreTraining.fromConfig(config);
 * const task = new NextSentencePrediction({ tokenizer });
 */
export class BertForPreTraining extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly cls: BertPretrainingHeads;

  constructor(readonly config: BertConfig) {
    super();
    this.bert = new BertModel(config);
    this.cls = new BertPretrainingHeads(config, this.bert.embeddings.wordEmbeddings);
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? bertTiedWeights : undefined;
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, scores, hiddenStates, attentions } = this.bert.forward(inputs);
    return {
      scores: {
        prediction_logits: this.cls.predictions.forward(lastHiddenState),
        seq_relationship_logits: this.cls.seqRelationship.forward(scores.pooler_output as Tensor),
      },
      hiddenStates,
      attentions,
    };
  }

  /**
   * Scores of words at some positions only, as `BertForMaskedLM.forwardMasked` has them, and of each pair.
   *
   * @param positions int64 [positions], the token at place p of pair b being b * sequenceLength + p
   * @returns predictions [positions, vocabulary] and seqRelationship [batch, 2]
   */
  forwardMasked(inputs: ModelInputs, positions: Tensor): { predictions: Tensor; seqRelationship: Tensor } {
    const { at, pooled } = this.bert.forwardAtAndPooled(inputs, positions);
    return {
      predictions: this.cls.predictions.forward(at),
      seqRelationship: this.cls.seqRelationship.forward(pooled),
    };
  }
}
