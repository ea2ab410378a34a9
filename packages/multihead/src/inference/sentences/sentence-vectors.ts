/** @file Vectors of texts: an encoder's last hidden state, pooled and normalized in the graph. */
import type { TensorValue, Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { EncoderModel } from '../../models/encoder/encoder-model.js';
import { l2Normalize, meanPooling } from '../../nn/layers/pooling.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * How one vector comes of a text's tokens. `mean`: the mean of all tokens; `cls`: the hidden state of the first, [CLS];
 * `pooler`: that one through BERT's pooler, tanh(W h + b); `none`: each token keeps its own.
 */
export type Pooling = 'mean' | 'cls' | 'pooler' | 'none';

/** How vectors are made. */
export interface VectorOptions {
  readonly pooling: Pooling;
  /** Whether vectors get the Euclidean length 1, so that their dot products are cosines. */
  readonly normalize: boolean;
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
  const key = `vectors ${options.pooling}${options.normalize ? ' normalized' : ''}`;
  const { vectors } = await model.weights.run(key, () => ({ vectors: graph(model, options) }), inputs);
  return vectors as TensorValue;
}

function graph(model: EncoderModel, { pooling, normalize }: VectorOptions): Tensor {
  const vectors = pooled(model, pooling);
  return normalize ? l2Normalize(vectors) : vectors;
}

function pooled(model: EncoderModel, pooling: Pooling): Tensor {
  const inputs = modelInputs();
  if (pooling === 'pooler') return model.forwardPooled(inputs).pooled;
  if (pooling === 'cls') return model.forwardFirst(inputs).first.squeeze(1);
  const { lastHiddenState } = model.forward(inputs);
  return pooling === 'mean' ? meanPooling(lastHiddenState, inputs.attentionMask) : lastHiddenState;
}
