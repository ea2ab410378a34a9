/** @file The linear layer. */

import { checkOptionNames } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';

/**
 * y = x W^T + b, with W [out, in] and b [out], as PyTorch lays them out; without b where there is no bias.
 *
 * @example
 * const y = new Linear(64, 10).forward(x); // [..., 64] -> [..., 10]
 */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  /** @param deviation standard deviation of the new weights; the bias starts at zero */
  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    deviation = 0.02,
    options: { bias?: boolean } = {},
  ) {
    super();
    checkOptionNames(options, ['bias'], 'Linear');
    const { bias = true } = options;
    this.weight = new Parameter([outputSize, inputSize], { normal: deviation });
    this.bias = bias ? new Parameter([outputSize], 'zeros') : undefined;
  }

  /** x: [..., in] -> [..., out] */
  forward(x: Tensor): Tensor {
    return this.bias ? x.linear(this.weight, this.bias) : x.matmul(this.weight.transpose(0, 1));
  }
}
