/** @file Vectors of texts: an encoder's last hidden state, pooled and normalized in the graph. */
import type { TensorValue, Values } from '../../engine/engine.js';
import { l2Normalize, lastTokenPooling, maxPooling, meanPooling } from '../../nn/layers/pooling.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type ModelInputs, modelInputs } from '../core/model.js';
import type { EncoderModel } from '../encoder/encoder-model.js';
import type { SentencePooling } from './sentence-poolings.js';

/**
 * How one vector comes of a text's tokens. `mean`: the mean of all tokens; `cls`: the hidden state of the first, [CLS]; `max`:
 * the largest value of each dimension; `lasttoken`: the hidden state of the last; `pooler`: that of the first through BERT's
 * pooler, tanh(W h + b); `none`: each token keeps its own.
 */
export type Pooling = SentencePooling | 'pooler' | 'none';

/** How vectors are made. */
export interface VectorOptions {
  readonly pooling: Pooling;
  /** Whether vectors get the Euclidean length 1, so that their dot products are cosines. */
  readonly normalize: boolean;
  /** The first elements of a vector that are kept, before it is normalized. Default: all. */
  readonly dimensions?: number | undefined;
}

/**
 * Runs a batch through the model.
 *
 * @param inputs `input_ids`, `attention_mask` and `token_type_ids`, int64 [batch, sequence]
 * @returns float32 [batch, hiddenSize], or [batch, sequence, hiddenSize] where nothing is pooled
 */
export async function sentenceVectors(
  model: EncoderModel,
  inputs: Values,
  options: VectorOptions,
): Promise<TensorValue> {
  const key = vectorsKey(options);
  const build = () => ({ vectors: vectorsGraph(model, modelInputs(), options) });
  const { vectors } = await model.weights.run(key, build, inputs);
  return vectors as TensorValue;
}

/** What tells graphs of vectors apart. */
export const vectorsKey = ({ pooling, normalize, dimensions }: VectorOptions): string =>
  `vectors ${pooling} ${dimensions ?? 'all'}${normalize ? ' normalized' : ''}`;

/** The graph of the vectors of texts: [batch, hiddenSize], or [batch, sequence, hiddenSize] where nothing is pooled. */
export function vectorsGraph(model: EncoderModel, inputs: ModelInputs, options: VectorOptions): Tensor {
  const { pooling, normalize, dimensions } = options;
  const whole = pooled(model, inputs, pooling);
  const vectors = dimensions === undefined ? whole : whole.slice(-1, 0, dimensions);
  return normalize ? l2Normalize(vectors) : vectors;
}

function pooled(model: EncoderModel, inputs: ModelInputs, pooling: Pooling): Tensor {
  if (pooling === 'pooler') return model.forwardPooled(inputs).pooled;
  if (pooling === 'cls') return model.forwardFirst(inputs).first.squeeze(1);
  if (pooling === 'none') return model.forward(inputs).lastHiddenState;
  return poolings[pooling](model.forwardTokens(inputs).lastHiddenState, inputs.attentionMask);
}

const poolings = { mean: meanPooling, max: maxPooling, lasttoken: lastTokenPooling };
