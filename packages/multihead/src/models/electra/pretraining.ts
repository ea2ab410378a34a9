/** @file The two models of ELECTRA's pretraining: a generator fills masked positions, a discriminator finds what it filled. */
import { type Activation, activation } from '../../nn/layers/activation.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import { VocabularyProjection } from '../../nn/layers/vocabulary-projection.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { ModelInputs, ModelOutputs } from '../core/model.js';
import type { LogitsOutput } from '../core/predictions.js';
import { EncoderWithHead, MaskedLanguageModel } from '../encoder/encoder-heads.js';
import { electraArchitecture, electraTiedWeights } from './architecture.js';
import type { ElectraConfig } from './config.js';
import { ElectraModel } from './electra.js';

/** norm(gelu(W x + b)): [..., hiddenSize] -> [..., embeddingSize] */
class ElectraGeneratorPredictions extends Module {
  readonly LayerNorm: LayerNorm;
  readonly dense: Linear;

  constructor({ hiddenSize, embeddingSize, layerNormEps, initializerRange }: ElectraConfig) {
    super();
    this.LayerNorm = new LayerNorm(embeddingSize, layerNormEps);
    this.dense = new Linear(hiddenSize, embeddingSize, initializerRange);
  }

  forward(x: Tensor): Tensor {
    return this.LayerNorm.forward(this.dense.forward(x).gelu());
  }
}

/** w act(W x + b) + c: [batch, sequence, hiddenSize] -> [batch, sequence] */
class ElectraDiscriminatorPredictions extends Module {
  readonly dense: Linear;
  readonly densePrediction: Linear;
  private readonly activate: Activation;

  constructor({ hiddenSize, hiddenAct, initializerRange }: ElectraConfig) {
    super();
    this.dense = new Linear(hiddenSize, hiddenSize, initializerRange);
    this.densePrediction = new Linear(hiddenSize, 1, initializerRange);
    this.activate = activation(hiddenAct);
  }

  forward(x: Tensor): Tensor {
    return this.densePrediction.forward(this.activate(this.dense.forward(x))).squeeze(2);
  }
}

/**
 * ELECTRA's generator, a masked language model: vocabulary scores at each position, `logits`, [batch, sequence,
 * vocabulary].
 *
 * @example
 * const model = await ElectraForMaskedLM.fromPretrained('models/electra-small-generator');
 */
export class ElectraForMaskedLM extends MaskedLanguageModel {
  static readonly architecture = electraArchitecture;
  readonly electra: ElectraModel;
  readonly generatorPredictions: ElectraGeneratorPredictions;
  readonly generatorLmHead: VocabularyProjection;

  constructor(readonly config: ElectraConfig) {
    super();
    const { initializerRange: deviation, tieWordEmbeddings: tied } = config;
    this.electra = new ElectraModel(config);
    this.generatorPredictions = new ElectraGeneratorPredictions(config);
    this.generatorLmHead = new VocabularyProjection(this.electra.embeddings.wordEmbeddings, { tied, deviation });
  }

  get encoder(): ElectraModel {
    return this.electra;
  }

  override get tiedWeights(): TiedWeights | undefined {
    return this.config.tieWordEmbeddings ? electraTiedWeights : undefined;
  }

  scoreTokens(hidden: Tensor): Tensor {
    return this.generatorLmHead.forward(this.generatorPredictions.forward(hidden));
  }
}

/**
 * ELECTRA's discriminator: scores each token as replaced (above 0) or original, `logits`, [batch, sequence].
 *
 * @example
 * const model = await ElectraForPreTraining.fromPretrained('models/electra-small-discriminator');
 * const { logits } = await model.predict(batch);
 */
export class ElectraForPreTraining extends EncoderWithHead<LogitsOutput> {
  static readonly architecture = electraArchitecture;
  readonly electra: ElectraModel;
  readonly discriminatorPredictions: ElectraDiscriminatorPredictions;

  constructor(readonly config: ElectraConfig) {
    super();
    this.electra = new ElectraModel(config);
    this.discriminatorPredictions = new ElectraDiscriminatorPredictions(config);
  }

  get encoder(): ElectraModel {
    return this.electra;
  }

  forward(inputs: ModelInputs): ModelOutputs {
    const { lastHiddenState, hiddenStates, attentions } = this.encoder.forward(inputs);
    return { scores: { logits: this.discriminatorPredictions.forward(lastHiddenState) }, hiddenStates, attentions };
  }
}
