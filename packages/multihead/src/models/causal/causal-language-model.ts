/** @file Causal language models: each position's hidden state scores the token that comes next. */

import type { KeyValue } from '../../nn/attention/grouped-query-attention.js';
import { causalMask, decodingMask, visiblePlaces } from '../../nn/attention/mask.js';
import type { Embedding } from '../../nn/layers/embedding.js';
import { Linear } from '../../nn/layers/linear.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { concatenate, input } from '../../tensor/factories.js';
import { cumulativeSum } from '../../tensor/operators/cumulative-sum.js';
import { narrow } from '../../tensor/operators/narrow.js';
import { range } from '../../tensor/operators/sources.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { ExportedOutputsOptions, ModelOutputs } from '../core/model.js';
import type { LogitsOutput } from '../core/predictions.js';
import { PretrainedModel } from '../core/pretrained.js';
import type { CausalConfig } from './causal-config.js';
import type { CausalDecoder, Decoded } from './causal-decoder.js';

/** Inputs of a causal language model, all int64 [batch_size, sequence_length]. */
export interface CausalInputs {
  /** Token ids. */
  readonly inputIds: Tensor;
  /** 1 for tokens, 0 for padding, on either side. Default: no padding, as in packed blocks. */
  readonly attentionMask?: Tensor | undefined;
  /**
   * Token positions. Default: counted from 0 at the first token that is not padding, as in Transformers' generate().
   */
  readonly positionIds?: Tensor | undefined;
}

/** The head's own matrix where it is not the embedding's, [vocabulary, hiddenSize]. */
export const untiedHead = ({ tieWordEmbeddings, hiddenSize, vocabSize, initializerRange }: CausalConfig) =>
  tieWordEmbeddings ? undefined : new Linear(hiddenSize, vocabSize, initializerRange, { bias: false });

/**
 * Base class of causal language models, such as GPT-2 and Llama.
 *
 * @example
 * const model: CausalLanguageModel = await AutoModelForCausalLM.fromPretrained('models/gpt2');
 */
export abstract class CausalLanguageModel extends PretrainedModel<LogitsOutput> {
  abstract override readonly config: CausalConfig;
  /** The head; undefined if its matrix is tied to the embedding. */
  abstract readonly lmHead: Linear | undefined;

  /** The model under the head. */
  protected abstract get decoder(): CausalDecoder;

  /** The token embedding. */
  protected abstract get embedding(): Embedding;

  override get tiedWeights(): TiedWeights | undefined {
    if (this.lmHead) return undefined;
    const embedding = [...this.namedParameters()].find(([, parameter]) => parameter === this.embedding.weight)?.[0];
    return embedding === undefined ? undefined : { embedding, head: 'lm_head.weight' };
  }

  /** Number of layers. */
  get layers(): number {
    return this.config.numHiddenLayers;
  }

  /** Number of key and value heads, which determines the size of the cache. */
  get kvHeads(): number {
    return this.config.numKeyValueHeads;
  }

  /** Width of a head. */
  get headDim(): number {
    return this.config.headDim;
  }

  /** Maximum number of tokens of a text. */
  get maxPositionEmbeddings(): number {
    return this.limits.maxLength;
  }

  /**
   * scores: `logits` [batch, sequence, vocabulary], of the token after each position. The last of `hiddenStates` is after
   * the final norm, as in Hugging Face Transformers.
   */
  forward(inputs: CausalInputs): ModelOutputs {
    const { hiddenStates, attentions } = this.run(inputs);
    return { scores: { logits: this.decode(hiddenStates.at(-1) as Tensor) }, hiddenStates, attentions };
  }

  /**
   * Computes the last hidden state, after the final norm: [batch, sequence, hiddenSize]. A loss can select the
   * positions that it needs, and {@link decode} those alone.
   */
  forwardHidden(inputs: CausalInputs): Tensor {
    return this.run(inputs).hiddenStates.at(-1) as Tensor;
  }

  /** Computes vocabulary scores of hidden states: [..., hiddenSize] -> [..., vocabulary]. */
  decode(hidden: Tensor): Tensor {
    return this.lmHead ? this.lmHead.forward(hidden) : hidden.matmul(this.embedding.weight.transpose(0, 1));
  }

  /**
   * Builds the graph of incremental decoding, which computes new tokens from the cached keys and values of earlier
   * ones. The caller keeps the cache in buffers that may have spare capacity; nothing of the past is copied or
   * returned.
   *
   * Inputs, of which every slot must hold finite numbers, also one that is masked:
   * - `input_ids`, `position_ids` int64 [batch_size, new_length]
   * - `past_mask` int64 [batch_size, past_capacity]: 1 where the slot holds a visible token
   * - `new_mask` int64 [batch_size, new_length]: 0 for padding
   * - `past_key_values.{i}.key`, `past_key_values.{i}.value` float32 [batch_size, kvHeads, past_capacity, headDim]
   *
   * Outputs:
   * - `logits` [batch_size, vocabulary] of the last new position
   * - `present.{i}.key`, `present.{i}.value` [batch_size, kvHeads, new_length, headDim] of the new tokens, ready for the
   *   buffers: rotary positions are in the keys already
   */
  decodingOutputs(): Record<string, Tensor> {
    const tokens = (name: string) => input(name, 'int64', ['batch_size', 'new_length']);
    const past = this.pastInputs('past_capacity');
    const pastMask = input('past_mask', 'int64', ['batch_size', 'past_capacity']);
    const newMask = tokens('new_mask');
    const { hiddenStates, present } = this.decoder.forward({
      inputIds: tokens('input_ids'),
      positions: tokens('position_ids'),
      mask: decodingMask(pastMask, newMask),
      places: visiblePlaces(pastMask, newMask),
      past,
    });
    const last = narrow([hiddenStates.at(-1) as Tensor], { axis: 1, start: -1, length: 1 }).squeeze(1); // [batch, hiddenSize]
    const outputs: Record<string, Tensor> = { logits: this.decode(last) };
    for (const [layer, { key, value }] of present.entries()) {
      outputs[`present.${layer}.key`] = key;
      outputs[`present.${layer}.value`] = value;
    }
    return outputs;
  }

  /**
   * The graph of an ONNX file for decoding, as transformers.js and Optimum have it: new tokens and the cache of those before
   * them go in, the cache of all comes out.
   *
   * Inputs:
   * - `input_ids`, `position_ids` int64 [batch_size, sequence_length]
   * - `attention_mask` int64 [batch_size, past_sequence_length + sequence_length]
   * - `past_key_values.{i}.key`, `past_key_values.{i}.value` float32 [batch_size, kvHeads, past_sequence_length, headDim]
   *
   * Outputs: `logits` [batch_size, sequence_length, vocabulary], `present.{i}.key` and `present.{i}.value`, and if requested
   * `attentions.{i}` [batch_size, heads, sequence_length, past_sequence_length + sequence_length]
   */
  override exportedOutputs(options: ExportedOutputsOptions = {}): Record<string, Tensor> {
    checkOptionNames(options, ['attentions'], 'exportedOutputs');
    const tokens = (name: string) => input(name, 'int64', ['batch_size', 'sequence_length']);
    const [inputIds, positions] = [tokens('input_ids'), tokens('position_ids')];
    const past = this.pastInputs('past_sequence_length');
    const attentionMask = input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
    const part = (start: Dimension, length: Dimension) => narrow([attentionMask], { axis: 1, start, length });
    const pastMask = part(0, 'past_sequence_length');
    const newMask = part('past_sequence_length', 'sequence_length');
    const [mask, places] = [decodingMask(pastMask, newMask), visiblePlaces(pastMask, newMask)];
    const { hiddenStates, attentions, present } = this.decoder.forward({ inputIds, positions, mask, places, past });
    const outputs: Record<string, Tensor> = { logits: this.decode(hiddenStates.at(-1) as Tensor) };
    for (const [layer, { key, value }] of present.entries()) {
      const before = past[layer] as KeyValue;
      outputs[`present.${layer}.key`] = concatenate([before.key, key], 2);
      outputs[`present.${layer}.value`] = concatenate([before.value, value], 2);
    }
    if (options.attentions) for (const [i, weights] of attentions.entries()) outputs[`attentions.${i}`] = weights;
    return outputs;
  }

  /** The cache of each layer as inputs: [batch_size, kvHeads, length, headDim]. */
  private pastInputs(length: string): KeyValue[] {
    return Array.from({ length: this.layers }, (_, layer) => {
      const shape = ['batch_size', this.kvHeads, length, this.headDim];
      const buffer = (kind: string) => input(`past_key_values.${layer}.${kind}`, 'float32', shape);
      return { key: buffer('key'), value: buffer('value') };
    });
  }

  private run({ inputIds, attentionMask, positionIds }: CausalInputs): Decoded {
    const sequence = inputIds.shape[1] as Dimension;
    const indices = range([], { size: sequence });
    const counted = attentionMask ? countedPositions(attentionMask) : indices;
    const mask = causalMask(sequence, attentionMask);
    const places = { queries: indices.unsqueeze(0), keys: indices.unsqueeze(0) };
    return this.decoder.forward({ inputIds, positions: positionIds ?? counted, mask, places });
  }
}

/** Places in the text, 0 at the first token that is not padding and at padding: [batch, sequence]. */
function countedPositions(attentionMask: Tensor): Tensor {
  const counted = cumulativeSum([attentionMask], { axis: 1 });
  return counted.sub(1).mul(attentionMask);
}
