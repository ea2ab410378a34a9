/** @file GPT-2's linear layer, whose weight lies the other way round. */
import type { Tensor } from '../../tensor/tensor.js';
import { Module, Parameter } from '../module.js';

/**
 * y = x W + b, with W [in, out] and b [out]: a linear layer with the transpose of PyTorch's layout. OpenAI wrote it as a
 * convolution of width 1, hence its name; checkpoints of GPT-2 hold their weights so.
 *
 * @example
 * const y = new Conv1D(64, 192).forward(x); // [..., 64] -> [..., 192]
 */
export class Conv1D extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  /** @param deviation standard deviation of the new weights; the bias starts at zero */
  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    deviation = 0.02,
  ) {
    super();
    this.weight = new Parameter([inputSize, outputSize], { normal: deviation });
    this.bias = new Parameter([outputSize], 'zeros');
  }

  /** x: [..., in] -> [..., out] */
  forward(x: Tensor): Tensor {
    return x.linear(this.weight, this.bias, { layout: 'in-out' });
  }
}
