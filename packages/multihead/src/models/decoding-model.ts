/** @file What generation needs of a model. */

import type { Tensor } from '../tensor/tensor.js';
import type { Weights } from './weights.js';

/** A causal language model, as far as generation knows it: GPT-2, Llama, or one of your own with such a graph. */
export interface DecodingModel {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** The most tokens that the model can look at. */
  readonly maxPositionEmbeddings: number;
  readonly weights: Weights;
  /** The graph of incremental decoding; see `CausalLanguageModel.decodingOutputs`. */
  decodingOutputs(): Record<string, Tensor>;
}
