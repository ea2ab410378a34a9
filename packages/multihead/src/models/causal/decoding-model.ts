/** @file The part of a model that generation uses. */

import type { Tensor } from '../../tensor/tensor.js';
import type { Weights } from '../core/weights.js';

/** The token settings of a configuration. */
export interface TokenConfig {
  readonly vocabSize: number;
  /** The token that begins a text; null if the model has none. */
  readonly bosTokenId: number | null;
  /** The token or tokens that end a text; null if the model has none. */
  readonly eosTokenId: number | readonly number[] | null;
}

/** A model that text can be generated with: GPT-2, Llama, or a custom model with a decoding graph. */
export interface DecodingModel {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Maximum number of tokens that the model can read. */
  readonly maxPositionEmbeddings: number;
  readonly weights: Weights;
  readonly config: TokenConfig;
  /** The graph of incremental decoding; see `CausalLanguageModel.decodingOutputs`. */
  decodingOutputs(): Record<string, Tensor>;
}
