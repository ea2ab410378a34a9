/** @file Dropout as a layer. */
import { UserError } from '../../platform/errors.js';
import { applyDropout, dropoutMask } from '../../tensor/operators/dropout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { nextDropoutSite } from '../training-mode.js';

/**
 * Dropout (Srivastava et al. 2014): in training, zero with probability `rate`, otherwise x / (1 - rate). In inference
 * it is the identity. Masks depend on the step's seed alone.
 *
 * @example
 * const y = new Dropout(0.1).forward(x);
 */
export class Dropout extends Module {
  constructor(readonly rate: number) {
    super();
    if (!(rate >= 0 && rate < 1)) throw new UserError(`dropout: the rate is ${rate}; it must be in [0, 1)`);
  }

  /** x of any shape, the result in the same. */
  forward(x: Tensor): Tensor {
    const training = this.rate > 0 ? nextDropoutSite() : undefined;
    if (!training) return x;
    const keep = dropoutMask([training.seed], { shape: x.shape, site: training.site, rate: this.rate });
    return applyDropout(x, keep, this.rate);
  }
}
