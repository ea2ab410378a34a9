/** @file The decoder from hidden states to vocabulary scores, tied to the embedding or with a matrix of its own. */

import { checkOptionNames } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';
import type { Embedding } from './embedding.js';
import { Linear } from './linear.js';

/**
 * scores = x E^T + b, with E the embedding's own table [vocabulary, hiddenSize] (Press and Wolf 2017): a word scores
 * high where the hidden state points as its embedding does. Untied, E is another matrix of that shape.
 *
 * @example
 * const embedding = new Embedding(30522, 384);
 * const scores = new VocabularyDecoder(embedding).forward(hidden); // [batch, sequence, 30522]
 */
export class VocabularyDecoder extends Module {
  /** Of a tied decoder. */
  readonly bias: Parameter | undefined;
  /** The matrix and bias of a decoder that is not tied. */
  readonly decoder: Linear | undefined;
  private readonly table: Parameter;

  /** @param options `deviation`: standard deviation of new weights, where the decoder is not tied */
  constructor(embedding: Embedding, options: { tied?: boolean; deviation?: number } = {}) {
    super();
    checkOptionNames(options, ['tied', 'deviation'], 'VocabularyDecoder');
    const { tied = true, deviation = 0.02 } = options;
    this.table = embedding.weight;
    const [vocabulary, hiddenSize] = this.table.shape as [number, number];
    this.bias = tied ? new Parameter([vocabulary], 'zeros') : undefined;
    this.decoder = tied ? undefined : new Linear(hiddenSize, vocabulary, deviation);
  }

  /** x: [..., hiddenSize] -> [..., vocabulary] */
  forward(x: Tensor): Tensor {
    if (this.decoder) return this.decoder.forward(x);
    return x.matmul(this.table.transpose(0, 1)).add(this.bias as Parameter);
  }
}
