/**
 * @file BERT (Devlin et al. 2019): a stack of post-norm transformer encoder layers over token, position and segment
 * embeddings. Properties bear the names that Hugging Face's checkpoints have.
 */
import { type Activation, activation } from '../nn/activation.js';
import { MultiHeadAttention } from '../nn/attention.js';
import { Dropout } from '../nn/dropout.js';
import { Embedding } from '../nn/embedding.js';
import { LayerNorm } from '../nn/layer-norm.js';
import { Linear } from '../nn/linear.js';
import { paddingMask } from '../nn/mask.js';
import { Module } from '../nn/module.js';
import { Pooler } from '../nn/pooler.js';
import { range } from '../tensor/operators/sources.js';
import { type Dimension, product } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { BertPretrainedModel } from './bert-pretrained.js';
import type { BertConfig } from './config.js';
import type { ModelInputs, ModelOutputs } from './model.js';
import { paddingRow } from './model-config.js';

/** Sum of token, position and segment embedding, normalized: [batch, sequence] -> [batch, sequence, hiddenSize]. */
class BertEmbeddings extends Module {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding;
  readonly LayerNorm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(config: BertConfig) {
    super();
    const { hiddenSize, initializerRange: deviation } = config;
    const paddingIndex = paddingRow(config);
    this.wordEmbeddings = new Embedding(config.vocabSize, hiddenSize, { deviation, paddingIndex });
    this.positionEmbeddings = new Embedding(config.maxPositionEmbeddings, hiddenSize, { deviation });
    this.tokenTypeEmbeddings = new Embedding(config.typeVocabSize, hiddenSize, { deviation });
    this.LayerNorm = new LayerNorm(hiddenSize, config.layerNormEps);
    this.dropout = new Dropout(config.hiddenDropoutProb);
  }

  forward({ inputIds, tokenTypeIds }: ModelInputs): Tensor {
    const positions = range([], { size: inputIds.shape[1] as Dimension });
    const embedded = this.wordEmbeddings
      .forward(inputIds)
      .add(this.tokenTypeEmbeddings.forward(tokenTypeIds))
      .add(this.positionEmbeddings.forward(positions));
    return this.dropout.forward(this.LayerNorm.forward(embedded));
  }
}

/** What follows a sub-layer: norm(residual + dropout(dense(x))). */
class BertSublayerOutput extends Module {
  readonly dense: Linear;
  readonly LayerNorm: LayerNorm;
  private readonly dropout: Dropout;

  constructor(inputSize: number, config: BertConfig) {
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

  constructor(config: BertConfig) {
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

  /** @param reading the positions that look at `hidden`, [batch, reading, hiddenSize] */
  forward(hidden: Tensor, mask: Tensor, reading: Tensor): { output: Tensor; weights: Tensor } {
    const { output, weights } = this.self.forward(reading, { memory: hidden, mask });
    return { output: this.output.forward(output, reading), weights };
  }
}

class BertIntermediate extends Module {
  readonly dense: Linear;
  private readonly activate: Activation;

  constructor(config: BertConfig) {
    super();
    this.dense = new Linear(config.hiddenSize, config.intermediateSize, config.initializerRange);
    this.activate = activation(config.hiddenAct);
  }

  forward(x: Tensor): Tensor {
    return this.activate(this.dense.forward(x));
  }
}

class BertLayer extends Module {
  readonly attention: BertAttention;
  readonly intermediate: BertIntermediate;
  readonly output: BertSublayerOutput;

  constructor(config: BertConfig) {
    super();
    this.attention = new BertAttention(config);
    this.intermediate = new BertIntermediate(config);
    this.output = new BertSublayerOutput(config.intermediateSize, config);
  }

  /** @param reading the positions to compute, [batch, reading, hiddenSize]; all where left out */
  forward(hidden: Tensor, mask: Tensor, reading = hidden): { output: Tensor; weights: Tensor } {
    const attended = this.attention.forward(hidden, mask, reading);
    const output = this.output.forward(this.intermediate.forward(attended.output), attended.output);
    return { output, weights: attended.weights };
  }
}

/** Rows of [batch, sequence, size] by their numbers in [batch * sequence, size]. */
export const rowsAt = (x: Tensor, positions: Tensor): Tensor =>
  x.reshape([product(x.shape.slice(0, -1)), x.shape.at(-1) as number]).gather(positions);

class BertEncoder extends Module {
  readonly layer: readonly BertLayer[];

  constructor(config: BertConfig) {
    super();
    this.layer = Array.from({ length: config.numHiddenLayers }, () => new BertLayer(config));
  }

  forward(embedded: Tensor, mask: Tensor): { hiddenStates: Tensor[]; attentions: Tensor[] } {
    const hiddenStates = [embedded];
    const attentions: Tensor[] = [];
    for (const layer of this.layer) {
      const { output, weights } = layer.forward(hiddenStates.at(-1) as Tensor, mask);
      hiddenStates.push(output);
      attentions.push(weights);
    }
    return { hiddenStates, attentions };
  }

  /**
   * The last layer at some positions alone, [positions, hiddenSize]: everybody attends, but what comes after attention,
   * three quarters of the layer, is computed for them only.
   *
   * @param positions int64 [positions], each batch * sequenceLength + place
   */
  at(hiddenStates: readonly Tensor[], mask: Tensor, positions: Tensor): Tensor {
    return this.lastLayer(hiddenStates, mask)((x) => rowsAt(x, positions));
  }

  /** As `at`, and the first position too, [batch, 1, hiddenSize]; attention is computed once for both. */
  atAndFirst(hiddenStates: readonly Tensor[], mask: Tensor, positions: Tensor): { at: Tensor; first: Tensor } {
    const lastLayer = this.lastLayer(hiddenStates, mask);
    return { at: lastLayer((x) => rowsAt(x, positions)), first: lastLayer((x) => x.slice(1, 0, 1)) };
  }

  /** The last layer, as a function of which rows of [batch, sequence, hiddenSize] go on behind its attention. */
  private lastLayer(hiddenStates: readonly Tensor[], mask: Tensor): (choose: (x: Tensor) => Tensor) => Tensor {
    const { attention, intermediate, output } = this.layer.at(-1) as BertLayer;
    const hidden = hiddenStates.at(-2) as Tensor;
    const context = attention.self.forward(hidden, { mask }).output;
    return (choose) => {
      const attended = attention.output.forward(choose(context), choose(hidden));
      return output.forward(intermediate.forward(attended), attended);
    };
  }

  /**
   * The last layer at the first position alone, [batch, 1, hiddenSize]. Keys and values are still everybody's, but who
   * reads only [CLS] need not compute the other positions: a step of a classifier of six layers costs a seventh less.
   */
  first(hiddenStates: readonly Tensor[], mask: Tensor): Tensor {
    const hidden = hiddenStates.at(-2) as Tensor;
    return (this.layer.at(-1) as BertLayer).forward(hidden, mask, hidden.slice(1, 0, 1)).output;
  }
}

/**
 * BERT without a head: hidden states, and (with its pooler) one vector for a text.
 *
 * @example
 * const model = await BertModel.fromPretrained('models/minilm');
 * const { last_hidden_state } = await model.predict(batch);
 */
export class BertModel extends BertPretrainedModel {
  readonly embeddings: BertEmbeddings;
  readonly encoder: BertEncoder;
  readonly pooler: Pooler | undefined;

  constructor(
    readonly config: BertConfig,
    { pooler = true }: { pooler?: boolean } = {},
  ) {
    super();
    this.embeddings = new BertEmbeddings(config);
    this.encoder = new BertEncoder(config);
    this.pooler = pooler ? new Pooler(config.hiddenSize, config.initializerRange) : undefined;
  }

  /** scores: `last_hidden_state` [batch, sequence, hiddenSize] and, with pooler, `pooler_output` [batch, hiddenSize] */
  forward(inputs: ModelInputs): ModelOutputs & { readonly lastHiddenState: Tensor } {
    const mask = paddingMask(inputs.attentionMask);
    const { hiddenStates, attentions } = this.encoder.forward(this.embeddings.forward(inputs), mask);
    const lastHiddenState = hiddenStates.at(-1) as Tensor;
    const pooled = this.pooler?.forward(lastHiddenState);
    const scores = { last_hidden_state: lastHiddenState, ...(pooled && { pooler_output: pooled }) };
    return { scores, hiddenStates, attentions, lastHiddenState };
  }

  /** The last hidden state at some positions alone: [positions, hiddenSize], for positions as `BertForMaskedLM` has them. */
  forwardAt(inputs: ModelInputs, positions: Tensor): Tensor {
    const mask = paddingMask(inputs.attentionMask);
    const { hiddenStates } = this.encoder.forward(this.embeddings.forward(inputs), mask);
    return this.encoder.at(hiddenStates, mask, positions);
  }

  /** `forwardAt` and `forwardPooled` in one pass: [positions, hiddenSize] and [batch, hiddenSize]. */
  forwardAtAndPooled(inputs: ModelInputs, positions: Tensor): { readonly at: Tensor; readonly pooled: Tensor } {
    const mask = paddingMask(inputs.attentionMask);
    const { hiddenStates } = this.encoder.forward(this.embeddings.forward(inputs), mask);
    const { at, first } = this.encoder.atAndFirst(hiddenStates, mask, positions);
    return { at, pooled: (this.pooler as Pooler).forward(first) };
  }

  /** The last hidden state of [CLS] alone, [batch, 1, hiddenSize], at the cost of all layers but the last. */
  forwardFirst(inputs: ModelInputs): Omit<ModelOutputs, 'scores'> & { readonly first: Tensor } {
    const mask = paddingMask(inputs.attentionMask);
    const { hiddenStates, attentions } = this.encoder.forward(this.embeddings.forward(inputs), mask);
    return { first: this.encoder.first(hiddenStates, mask), hiddenStates, attentions };
  }

  /** `pooler_output` alone, [batch, hiddenSize], as cheap as `forwardFirst`. */
  forwardPooled(inputs: ModelInputs): Omit<ModelOutputs, 'scores'> & { readonly pooled: Tensor } {
    const { first, ...states } = this.forwardFirst(inputs);
    return { pooled: (this.pooler as Pooler).forward(first), ...states };
  }
}
