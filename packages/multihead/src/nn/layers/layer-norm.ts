/** @file Layer normalization as a layer. */
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';

/**
 * y = weight * (x - mean(x)) / sqrt(var(x) + epsilon) + bias over the last axis (Ba, Kiros and Hinton 2016). The
 * variance is the biased one, as in PyTorch.
 *
 * @example
 * const y = new LayerNorm(64).forward(x);
 */
export class LayerNorm extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    size: number,
    readonly epsilon = 1e-12,
  ) {
    super();
    this.weight = new Parameter([size], 'ones');
    this.bias = new Parameter([size], 'zeros');
  }

  /** x: [..., size], the result in the same shape. */
  forward(x: Tensor): Tensor {
    return x.layerNorm(this.weight, this.bias, this.epsilon);
  }
}
