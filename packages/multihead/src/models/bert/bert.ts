/**
 * @file BERT (Devlin et al. 2019): a stack of post-norm transformer encoder layers over token, position and segment
 *   embeddings. Properties have the names of Hugging Face's checkpoints.
 */

import { type Attended, MultiHeadAttention } from '../../nn/attention/attention.js';
import type { Padding } from '../../nn/attention/padding.js';
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Embedding } from '../../nn/layers/embedding.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import { Pooler } from '../../nn/layers/pooler.js';
import { Module } from '../../nn/module.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ModelInputs } from '../core/model.js';
import { paddingRow } from '../core/model-config.js';
import type { BertLikeConfig } from '../encoder/encoder-config.js';
import { EncoderModel, type EncoderParts } from '../encoder/encoder-model.js';
import { type EncoderLayer, EncoderStack } from '../encoder/encoder-stack.js';
import { bertArchitecture } from './architecture.js';
import type { BertConfig } from './config.js';

/** Sum of token, position and segment embedding, normalized: [batch, sequence] -> [batch, sequence, hiddenSize]. */
export class BertEmbeddings extends Module {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding;
  readonly LayerNorm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(config: BertLikeConfig) {
    super();
    const { hiddenSize, initializerRange: deviation } = config;
    const paddingIndex = paddingRow(config);
    this.wordEmbeddings = new Embedding(config.vocabSize, hiddenSize, { deviation, paddingIndex });
    this.positionEmbeddings = new Embedding(config.maxPositionEmbeddings, hiddenSize, { deviation });
    this.tokenTypeEmbeddings = new Embedding(config.typeVocabSize, hiddenSize, { deviation });
    this.LayerNorm = new LayerNorm(hiddenSize, config.layerNormEps);
    this.dropout = new Dropout(config.hiddenDropoutProb);
  }

  forward({ inputIds, tokenTypeIds }: Pick<ModelInputs, 'inputIds' | 'tokenTypeIds'>): Tensor {
    const embedded = this.wordEmbeddings
      .forward(inputIds)
      .add(this.tokenTypeEmbeddings.forward(this.types({ inputIds, tokenTypeIds })))
      .add(this.positionEmbeddings.forward(this.positions(inputIds)));
    return this.dropout.forward(this.LayerNorm.forward(embedded));
  }

  /** The token types (first or second text of a pair), int64 [batch, sequence]. */
  protected types({ tokenTypeIds }: Pick<ModelInputs, 'inputIds' | 'tokenTypeIds'>): Tensor {
    return tokenTypeIds;
  }

  /** The token positions, int64 [sequence] or [batch, sequence]: 0, 1, 2, ... */
  protected positions(inputIds: Tensor): Tensor {
    return range([], { size: inputIds.shape[1] as Dimension });
  }
}

/** What follows a sub-layer: norm(residual + dropout(dense(x))). */
class BertSublayerOutput extends Module {
  readonly dense: Linear;
  readonly LayerNorm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(inputSize: number, config: BertLikeConfig) {
    super();
    this.dense = new Linear(inputSize, config.hiddenSize, config.initializerRange);
    this.LayerNorm = new LayerNorm(config.hiddenSize, config.layerNormEps);
    this.dropout = new Dropout(config.hiddenDropoutProb);
  }

  forward(x: Tensor, residual: Tensor): Tensor {
    return this.LayerNorm.forward(this.dropout.forward(this.dense.forward(x)).add(residual));
  }
}

class BertAttention extends Module {
  readonly self: MultiHeadAttention;
  readonly output: BertSublayerOutput;

  constructor(config: BertLikeConfig) {
    super();
    this.self = new MultiHeadAttention({
      hiddenSize: config.hiddenSize,
      heads: config.numAttentionHeads,
      dropout: config.attentionProbsDropoutProb,
      deviation: config.initializerRange,
      project: false, // W_O is `output.dense`
    });
    this.output = new BertSublayerOutput(config.hiddenSize, config);
  }
}

class BertIntermediate extends Module {
  readonly dense: Linear;
  private readonly activate: Activation;

  constructor(config: BertLikeConfig) {
    super();
    this.dense = new Linear(config.hiddenSize, config.intermediateSize, config.initializerRange);
    this.activate = activation(config.hiddenAct);
  }

  forward(x: Tensor): Tensor {
    return this.activate(this.dense.forward(x));
  }
}

class BertLayer extends Module implements EncoderLayer {
  readonly attention: BertAttention;
  readonly intermediate: BertIntermediate;
  readonly output: BertSublayerOutput;

  constructor(config: BertLikeConfig) {
    super();
    this.attention = new BertAttention(config);
    this.intermediate = new BertIntermediate(config);
    this.output = new BertSublayerOutput(config.intermediateSize, config);
  }

  attend(hidden: Tensor, padding: Padding, reading: Tensor): Attended {
    return this.attention.self.forward(reading, { memory: hidden, padding });
  }

  complete(context: Tensor, input: Tensor): Tensor {
    const attended = this.attention.output.forward(context, input);
    return this.output.forward(this.intermediate.forward(attended), attended);
  }
}

/** The layers of BERT and its like, under the name that their checkpoints have. */
export class BertEncoder extends EncoderStack {
  readonly layer: readonly BertLayer[];

  constructor(config: BertLikeConfig) {
    super();
    this.layer = Array.from({ length: config.numHiddenLayers }, () => new BertLayer(config));
  }

  protected get layers(): readonly BertLayer[] {
    return this.layer;
  }
}

/**
 * BERT without a head: hidden states and, with a pooler, one vector per text.
 *
 * @example
 * const model = await BertModel.fromPretrained('models/minilm');
 * const { lastHiddenState } = await model.predict(batch);
 */
export class BertModel extends EncoderModel {
  static readonly architecture = bertArchitecture;
  readonly embeddings: BertEmbeddings;
  readonly encoder: BertEncoder;
  readonly pooler: Pooler | undefined;

  constructor(
    readonly config: BertConfig,
    parts: EncoderParts = {},
  ) {
    super();
    checkOptionNames(parts, ['pooler'], 'BertModel');
    const { pooler = true } = parts;
    this.embeddings = new BertEmbeddings(config);
    this.encoder = new BertEncoder(config);
    this.pooler = pooler ? new Pooler(config.hiddenSize, config.initializerRange) : undefined;
  }

  protected get stack(): BertEncoder {
    return this.encoder;
  }

  protected embed(inputs: ModelInputs): Tensor {
    return this.embeddings.forward(inputs);
  }
}
