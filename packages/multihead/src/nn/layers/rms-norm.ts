/** @file Root-mean-square normalization as a layer. */
import { rmsNormalization } from '../../tensor/operators/rms-norm.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';

/**
 * y = weight * x / sqrt(mean(x^2) + epsilon) over the last axis (Zhang and Sennrich 2019): LayerNorm without mean and bias.
 *
 * @example
 * const y = new RmsNorm(64).forward(x);
 */
export class RmsNorm extends Module {
  readonly weight: Parameter;

  constructor(
    size: number,
    readonly epsilon = 1e-6,
  ) {
    super();
    this.weight = new Parameter([size], 'ones');
  }

  /** x: [..., size], the result in the same shape. */
  forward(x: Tensor): Tensor {
    return rmsNormalization([x, this.weight], { epsilon: this.epsilon });
  }
}
