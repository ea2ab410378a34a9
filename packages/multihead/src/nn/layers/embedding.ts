/** @file The embedding table. */

import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';

/** Options of `Embedding`. */
export interface EmbeddingOptions {
  /** Standard deviation of the new vectors. */
  readonly deviation?: number;
  /** A number whose vector is zero at first and gets no gradient: padding's, as in PyTorch. */
  readonly paddingIndex?: number | undefined;
  /** Whether the new vectors are sines and cosines of their numbers, as of positions in Vaswani et al. 2017. Default: false. */
  readonly sinusoidal?: boolean;
}

const optionNames = namesOf<EmbeddingOptions>({ deviation: true, paddingIndex: true, sinusoidal: true });

/**
 * An embedding table: a vector for each id, weight [count, size].
 *
 * @example
 * const vectors = new Embedding(30522, 384, { paddingIndex: 0 }).forward(inputIds); // [..., 384]
 */
export class Embedding extends Module {
  readonly weight: Parameter;
  private readonly paddingIndex: number | undefined;

  constructor(count: number, size: number, options: EmbeddingOptions = {}) {
    super();
    checkOptionNames(options, optionNames, 'Embedding');
    const { deviation = 0.02, paddingIndex, sinusoidal = false } = options;
    this.paddingIndex = paddingIndex;
    const initializer = sinusoidal ? 'sinusoidal' : { normal: deviation, zeroRow: paddingIndex };
    this.weight = new Parameter([count, size], initializer);
  }

  /** numbers: [...] int64 -> [..., size] */
  forward(numbers: Tensor): Tensor {
    return this.weight.gather(numbers, { paddingIndex: this.paddingIndex });
  }
}
