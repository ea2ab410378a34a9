/** @file Encoders with a head for a kind of task. A family's classes say which encoder and which layers they have. */
import type { Dropout } from '../../nn/layers/dropout.js';
import type { Linear } from '../../nn/layers/linear.js';
import { meanPooling } from '../../nn/layers/pooling.js';
import type { Tensor } from '../../tensor/tensor.js';
import { adaptLabels } from '../core/classifier-labels.js';
import type { ModelInputs, ModelOutputs } from '../core/model.js';
import type { LogitsOutput, NextSentenceOutput, QuestionAnsweringOutput } from '../core/predictions.js';
import { PretrainedModel } from '../core/pretrained.js';
import type { EncoderConfig } from './encoder-config.js';
import type { EncoderModel } from './encoder-model.js';
import type { EncoderStates } from './encoder-stack.js';

/**
 * An encoder with a head.
 *
 * @example
 * const model: EncoderWithHead = await AutoModelForQuestionAnswering.fromPretrained('runs/qa');
 * model.encoder.pooler; // undefined: answers need none
 */
export abstract class EncoderWithHead<Scores extends object = object> extends PretrainedModel<Scores> {
  abstract override readonly config: EncoderConfig;
  /** The model without the head. */
  abstract get encoder(): EncoderModel;
}

/**
 * Base class of question answering models: scores each token as the start and end of the answer, `startLogits` and
 * `endLogits`, [batch, sequence].
 *
 * @example
 * const model: QuestionAnsweringModel = await AutoModelForQuestionAnswering.fromPretrained('runs/qa');
 */
export abstract class QuestionAnsweringModel extends EncoderWithHead<QuestionAnsweringOutput> {
  /** hiddenSize -> 2 */
  abstract readonly qaOutputs: Linear;

  /** Each position's scores as an answer's start and end: [batch, sequence, hiddenSize] -> [batch, sequence, 2]. */
  protected scoreEnds(hidden: Tensor): Tensor {
    return this.qaOutputs.forward(hidden);
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.encoder.forward(inputs);
    const both = this.scoreEnds(lastHiddenState);
    const logits = (which: number) => both.slice(2, which, which + 1).squeeze(2);
    return { scores: { start_logits: logits(0), end_logits: logits(1) }, hiddenStates, attentions };
  }
}

/**
 * Base class of sequence classifiers: a score for each label, `logits`, [batch, labels].
 *
 * @example
 * const model: SequenceClassificationModel = await AutoModelForSequenceClassification.fromPretrained('runs/intents');
 */
export abstract class SequenceClassificationModel extends EncoderWithHead<LogitsOutput> {
  /** Other labels than the folder's make a new head; the same names in another order keep it. */
  static readonly adapt = adaptLabels;

  /** The last layer: hiddenSize -> labels. */
  abstract get lastLayer(): Linear;
  /** Dropout before the last layer. */
  protected abstract get lastDropout(): Dropout;

  /** What the last layer reads of the first token's hidden state: [batch, 1, hiddenSize] -> [batch, hiddenSize]. */
  protected abstract poolFirst(first: Tensor): Tensor;

  /** What the last layer reads, before dropout: one vector of each text, [batch, hiddenSize]. */
  forwardFeatures(inputs: ModelInputs): EncoderStates & { readonly features: Tensor } {
    if (this.config.classifierPooling === 'mean') {
      const { lastHiddenState, hiddenStates, attentions } = this.encoder.forwardTokens(inputs);
      return { features: meanPooling(lastHiddenState, inputs.attentionMask), hiddenStates, attentions };
    }
    const { first, ...states } = this.encoder.forwardFirst(inputs);
    return { features: this.poolFirst(first), ...states };
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { features, ...states } = this.forwardFeatures(inputs);
    return { scores: { logits: this.lastLayer.forward(this.lastDropout.forward(features)) }, ...states };
  }
}

/**
 * Base class of token classifiers: a score for each token and label, `logits`, [batch, sequence, labels]. In training, those of padding
 * are the biases: it is not computed.
 *
 * @example
 * const model: TokenClassificationModel = await AutoModelForTokenClassification.fromPretrained('runs/entities');
 */
export abstract class TokenClassificationModel extends EncoderWithHead<LogitsOutput> {
  /** Other labels than the folder's make a new head; the same names in another order keep it. */
  static readonly adapt = adaptLabels;
  /** hiddenSize -> labels */
  abstract readonly classifier: Linear;
  protected abstract readonly dropout: Dropout;

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.encoder.forwardTokens(inputs);
    const logits = this.classifier.forward(this.dropout.forward(lastHiddenState));
    return { scores: { logits }, hiddenStates, attentions };
  }
}

/**
 * Base class of masked language models: vocabulary scores at each position, `logits`, [batch, sequence, vocabulary].
 *
 * @example
 * const model: MaskedLanguageModel = await AutoModelForMaskedLM.fromPretrained('models/mini');
 */
export abstract class MaskedLanguageModel extends EncoderWithHead<LogitsOutput> {
  /** The vocabulary's scores of hidden states: [..., hiddenSize] -> [..., vocabulary]. */
  abstract scoreTokens(hidden: Tensor): Tensor;

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.encoder.forward(inputs);
    return { scores: { logits: this.scoreTokens(lastHiddenState) }, hiddenStates, attentions };
  }

  /**
   * Computes scores at some positions only, without the matrix of all tokens by the whole vocabulary. Pretraining needs
   * only the masked positions, 15 % of all.
   *
   * @param positions int64 [positions], the token at place p of text b being b * sequenceLength + p; none is padding
   * @returns [positions, vocabulary]
   */
  forwardMasked(inputs: ModelInputs, positions: Tensor): Tensor {
    return this.scoreTokens(this.encoder.forwardAt(inputs, positions));
  }
}

/**
 * Base class of masked language models with next-sentence prediction: `predictionLogits` [batch, sequence, vocabulary]
 * and `seqRelationshipLogits` [batch, 2], where class 0 is "follows".
 *
 * @example
 * const model: NextSentenceModel = await BertForPreTraining.fromPretrained('models/mini');
 */
export abstract class NextSentenceModel extends EncoderWithHead<NextSentenceOutput> {
  /** The vocabulary's scores of hidden states: [..., hiddenSize] -> [..., vocabulary]. */
  abstract scoreTokens(hidden: Tensor): Tensor;
  /** Whether the second text follows, of the pooler's vectors: [batch, hiddenSize] -> [batch, 2]. */
  abstract scorePairs(pooled: Tensor): Tensor;

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, scores, hiddenStates, attentions } = this.encoder.forward(inputs);
    return {
      scores: {
        prediction_logits: this.scoreTokens(lastHiddenState),
        seq_relationship_logits: this.scorePairs(scores.pooler_output as Tensor),
      },
      hiddenStates,
      attentions,
    };
  }

  /**
   * Scores of tokens at some positions only, as {@link MaskedLanguageModel.forwardMasked} has them, and of each pair.
   *
   * @param positions int64 [positions], the token at place p of pair b being b * sequenceLength + p; none is padding
   * @returns predictions [positions, vocabulary] and seqRelationship [batch, 2]
   */
  forwardMaskedPairs(inputs: ModelInputs, positions: Tensor): { predictions: Tensor; seqRelationship: Tensor } {
    const { at, pooled } = this.encoder.forwardAtAndPooled(inputs, positions);
    return { predictions: this.scoreTokens(at), seqRelationship: this.scorePairs(pooled) };
  }
}
