/** @file The linear layer. */
import type { Tensor } from '../tensor/tensor.js';
import { Module, Parameter } from './module.js';

/** y = x W^T + b, with W [out, in] and b [out], as PyTorch lays them out. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  /** @param deviation standard deviation of the new weights; the bias starts at zero */
  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    deviation = 0.02,
  ) {
    super();
    this.weight = new Parameter([outputSize, inputSize], { normal: deviation });
    this.bias = new Parameter([outputSize], 'zeros');
  }

  /** x: [..., in] -> [..., out] */
  forward(x: Tensor): Tensor {
    return x.linear(this.weight, this.bias);
  }
}
