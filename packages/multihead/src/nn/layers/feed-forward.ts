/** @file The position-wise feed-forward network (Vaswani et al. 2017, section 3.3). */
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { type Activation, activation } from './activation.js';
import { Linear } from './linear.js';

/**
 * f(x W_1 + b_1) W_2 + b_2, alike at every position.
 *
 * @example
 * const y = new FeedForward(64, 256, 'gelu').forward(x); // [..., 64] -> [..., 64]
 */
export class FeedForward extends Module {
  readonly up: Linear;
  readonly down: Linear;
  private readonly activate: Activation;

  constructor(hiddenSize: number, intermediateSize: number, hiddenAct = 'gelu', deviation = 0.02) {
    super();
    this.up = new Linear(hiddenSize, intermediateSize, deviation);
    this.down = new Linear(intermediateSize, hiddenSize, deviation);
    this.activate = activation(hiddenAct);
  }

  /** x: [..., hiddenSize], the result in the same shape; in between [..., intermediateSize]. */
  forward(x: Tensor): Tensor {
    return this.down.forward(this.activate(this.up.forward(x)));
  }
}
