/** @file The decoder from hidden states to vocabulary scores, tied to the embedding. */
import type { Tensor } from '../tensor/tensor.js';
import type { Embedding } from './embedding.js';
import { Module, Parameter } from './module.js';

/**
 * scores = x E^T + b, with E the embedding's own table [vocabulary, hiddenSize] (Press and Wolf 2017): a word scores
 * high where the hidden state points as its embedding does.
 *
 * @example
 * const embedding = new Embedding(30522, 384);
 * const scores = new VocabularyDecoder(embedding).forward(hidden); // [batch, sequence, 30522]
 */
export class VocabularyDecoder extends Module {
  readonly bias: Parameter;
  private readonly table: Parameter;

  constructor(embedding: Embedding) {
    super();
    this.table = embedding.weight;
    this.bias = new Parameter([this.table.shape[0] as number], 'zeros');
  }

  /** x: [..., hiddenSize] -> [..., vocabulary] */
  forward(x: Tensor): Tensor {
    return x.matmul(this.table.transpose(0, 1)).add(this.bias);
  }
}
