/**
 * @file DistilBERT (Sanh et al. 2019): BERT with half of its layers, without token types and without a pooler.
 *   Properties have the names of Hugging Face's checkpoints.
 */

import { type Attended, scaledDotProductAttention } from '../../nn/attention/attention.js';
import { joinHeads, splitHeads } from '../../nn/attention/heads.js';
import type { Padding } from '../../nn/attention/padding.js';
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Embedding } from '../../nn/layers/embedding.js';
import { LayerNorm } from '../../nn/layers/layer-norm.js';
import { Linear } from '../../nn/layers/linear.js';
import { Module } from '../../nn/module.js';
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ModelInputs } from '../core/model.js';
import { paddingRow } from '../core/model-config.js';
import { EncoderModel } from '../encoder/encoder-model.js';
import { type EncoderLayer, EncoderStack } from '../encoder/encoder-stack.js';
import { distilBertArchitecture } from './architecture.js';
import type { DistilBertConfig } from './config.js';

/** Sum of token and position embedding, normalized: [batch, sequence] -> [batch, sequence, hiddenSize]. */
class DistilBertEmbeddings extends Module {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly LayerNorm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(config: DistilBertConfig) {
    super();
    const { hiddenSize, initializerRange: deviation, sinusoidalPosEmbds: sinusoidal } = config;
    this.wordEmbeddings = new Embedding(config.vocabSize, hiddenSize, { deviation, paddingIndex: paddingRow(config) });
    this.positionEmbeddings = new Embedding(config.maxPositionEmbeddings, hiddenSize, { deviation, sinusoidal });
    this.LayerNorm = new LayerNorm(hiddenSize, config.layerNormEps);
    this.dropout = new Dropout(config.hiddenDropoutProb);
  }

  forward(inputIds: Tensor): Tensor {
    const positions = range([], { size: inputIds.shape[1] as Dimension });
    const embedded = this.wordEmbeddings.forward(inputIds).add(this.positionEmbeddings.forward(positions));
    return this.dropout.forward(this.LayerNorm.forward(embedded));
  }
}

class DistilBertAttention extends Module {
  readonly qLin: Linear;
  readonly kLin: Linear;
  readonly vLin: Linear;
  readonly outLin: Linear;
  private readonly heads: number;
  private readonly dropout: Dropout;

  constructor({ hiddenSize, numAttentionHeads, attentionProbsDropoutProb, initializerRange }: DistilBertConfig) {
    super();
    const linear = () => new Linear(hiddenSize, hiddenSize, initializerRange);
    [this.qLin, this.kLin, this.vLin, this.outLin] = [linear(), linear(), linear(), linear()];
    this.heads = numAttentionHeads;
    this.dropout = new Dropout(attentionProbsDropoutProb);
  }

  /** The heads' outputs side by side, [batch, reading, hiddenSize], before `out_lin`. */
  forward(hidden: Tensor, padding: Padding, reading: Tensor): Attended {
    const heads = (x: Tensor) => splitHeads(padding.pad(x), this.heads); // [batch, heads, sequence, headDim]
    const [query, key, value] = [this.qLin.forward(reading), this.kLin.forward(hidden), this.vLin.forward(hidden)];
    const options = { mask: padding.mask, dropout: this.dropout };
    const { output, weights } = scaledDotProductAttention(heads(query), heads(key), heads(value), options);
    return { output: joinHeads(output), weights };
  }
}

/** dropout(W_2 act(W_1 x + b_1) + b_2) */
class DistilBertFeedForward extends Module {
  readonly lin1: Linear;
  readonly lin2: Linear;
  private readonly activate: Activation;
  private readonly dropout: Dropout;

  constructor({ hiddenSize, intermediateSize, initializerRange, hiddenAct, hiddenDropoutProb }: DistilBertConfig) {
    super();
    this.lin1 = new Linear(hiddenSize, intermediateSize, initializerRange);
    this.lin2 = new Linear(intermediateSize, hiddenSize, initializerRange);
    this.activate = activation(hiddenAct);
    this.dropout = new Dropout(hiddenDropoutProb);
  }

  forward(x: Tensor): Tensor {
    return this.dropout.forward(this.lin2.forward(this.activate(this.lin1.forward(x))));
  }
}

class DistilBertLayer extends Module implements EncoderLayer {
  readonly attention: DistilBertAttention;
  readonly saLayerNorm: LayerNorm;
  readonly ffn: DistilBertFeedForward;
  readonly outputLayerNorm: LayerNorm;

  constructor(config: DistilBertConfig) {
    super();
    this.attention = new DistilBertAttention(config);
    this.saLayerNorm = new LayerNorm(config.hiddenSize, config.layerNormEps);
    this.ffn = new DistilBertFeedForward(config);
    this.outputLayerNorm = new LayerNorm(config.hiddenSize, config.layerNormEps);
  }

  attend(hidden: Tensor, padding: Padding, reading: Tensor): Attended {
    return this.attention.forward(hidden, padding, reading);
  }

  complete(context: Tensor, input: Tensor): Tensor {
    const attended = this.saLayerNorm.forward(this.attention.outLin.forward(context).add(input));
    return this.outputLayerNorm.forward(this.ffn.forward(attended).add(attended));
  }
}

class DistilBertTransformer extends EncoderStack {
  readonly layer: readonly DistilBertLayer[];

  constructor(config: DistilBertConfig) {
    super();
    this.layer = Array.from({ length: config.numHiddenLayers }, () => new DistilBertLayer(config));
  }

  protected get layers(): readonly DistilBertLayer[] {
    return this.layer;
  }
}

/**
 * DistilBERT without a head.
 *
 * @example
 * const model = await DistilBertModel.fromPretrained('models/distilbert-base-uncased');
 * const { lastHiddenState } = await model.predict(batch);
 */
export class DistilBertModel extends EncoderModel {
  static readonly architecture = distilBertArchitecture;
  readonly embeddings: DistilBertEmbeddings;
  readonly transformer: DistilBertTransformer;
  readonly pooler = undefined;

  constructor(readonly config: DistilBertConfig) {
    super();
    this.embeddings = new DistilBertEmbeddings(config);
    this.transformer = new DistilBertTransformer(config);
  }

  protected get stack(): DistilBertTransformer {
    return this.transformer;
  }

  protected embed({ inputIds }: ModelInputs): Tensor {
    return this.embeddings.forward(inputIds);
  }
}
