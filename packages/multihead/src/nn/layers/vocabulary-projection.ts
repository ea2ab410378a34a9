/** @file A linear layer to vocabulary scores whose matrix may be the embedding's. */
import { checkOptionNames } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';
import type { Embedding } from './embedding.js';

/**
 * scores = x W^T + b, with W the embedding's own table [vocabulary, size], or another matrix of that shape. Its parameters
 * are called `weight` and `bias` in either case, as those of a PyTorch Linear; {@link VocabularyDecoder} has BERT's names.
 *
 * @example
 * const embedding = new Embedding(30522, 384);
 * const scores = new VocabularyProjection(embedding).forward(hidden); // [batch, sequence, 30522]
 */
export class VocabularyProjection extends Module {
  /** The embedding's table where both are tied: a parameter under the embedding's name, not under this one. */
  readonly weight: Parameter;
  readonly bias: Parameter;

  /** @param options.deviation standard deviation of new weights, where the matrix is not the embedding's */
  constructor({ weight: table }: Embedding, options: { tied?: boolean; deviation?: number } = {}) {
    super();
    checkOptionNames(options, ['tied', 'deviation'], 'VocabularyProjection');
    const { tied = true, deviation = 0.02 } = options;
    this.weight = tied ? table : new Parameter(table.shape, { normal: deviation });
    this.bias = new Parameter(table.shape.slice(0, 1), 'zeros');
  }

  /** x: [..., size] -> [..., vocabulary] */
  forward(x: Tensor): Tensor {
    return x.matmul(this.weight.transpose(0, 1)).add(this.bias);
  }
}
