/** @file What generation needs of a model. */

import type { Tensor } from '../../tensor/tensor.js';
import type { Weights } from '../core/weights.js';

/** What a configuration says about tokens. */
export interface TokenConfig {
  readonly vocabSize: number;
  /** The token that a text begins with; null where the model has none. */
  readonly bosTokenId: number | null;
  /** The token or tokens that end a text; null where the model has none. */
  readonly eosTokenId: number | readonly number[] | null;
}

/** A causal language model, as far as generation knows it: GPT-2, Llama, or one of your own with such a graph. */
export interface DecodingModel {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** The most tokens that the model can look at. */
  readonly maxPositionEmbeddings: number;
  readonly weights: Weights;
  readonly config: TokenConfig;
  /** The graph of incremental decoding; see `CausalLanguageModel.decodingOutputs`. */
  decodingOutputs(): Record<string, Tensor>;
}
