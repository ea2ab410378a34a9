/** @file The embedding table. */
import type { Tensor } from '../tensor/tensor.js';
import { Module, Parameter } from './module.js';

/** A table of vectors, one a number: weight [count, size]. */
export class Embedding extends Module {
  readonly weight: Parameter;

  constructor(count: number, size: number, deviation = 0.02) {
    super();
    this.weight = new Parameter([count, size], { normal: deviation });
  }

  /** numbers: [...] int64 -> [..., size] */
  forward(numbers: Tensor): Tensor {
    return this.weight.gather(numbers);
  }
}
