/** @file The gated feed-forward network (Shazeer 2020), SwiGLU where the activation is silu. */

import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { type Activation, activation } from './activation.js';
import { Linear } from './linear.js';

/** Sizes and kind of a gated feed-forward network. */
export interface GatedFeedForwardOptions {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  /** The gate's activation. Default: `silu`. */
  readonly hiddenAct?: string;
  /** Whether the three linear layers have biases. Default: no. */
  readonly bias?: boolean;
  /** Standard deviation of new weights. */
  readonly deviation?: number;
}

const optionNames = namesOf<GatedFeedForwardOptions>({
  hiddenSize: true,
  intermediateSize: true,
  hiddenAct: true,
  bias: true,
  deviation: true,
});

/**
 * (f(x W_gate) * x W_up) W_down, alike at every position: the gate decides what passes of the other projection.
 *
 * @example
 * const y = new GatedFeedForward({ hiddenSize: 64, intermediateSize: 172 }).forward(x); // [..., 64] -> [..., 64]
 */
export class GatedFeedForward extends Module {
  readonly gateProj: Linear;
  readonly upProj: Linear;
  readonly downProj: Linear;
  private readonly activate: Activation;

  constructor(options: GatedFeedForwardOptions) {
    super();
    checkOptionNames(options, optionNames, 'GatedFeedForward');
    const { hiddenSize, intermediateSize, hiddenAct = 'silu', bias = false, deviation = 0.02 } = options;
    this.gateProj = new Linear(hiddenSize, intermediateSize, deviation, { bias });
    this.upProj = new Linear(hiddenSize, intermediateSize, deviation, { bias });
    this.downProj = new Linear(intermediateSize, hiddenSize, deviation, { bias });
    this.activate = activation(hiddenAct);
  }

  /** x: [..., hiddenSize], the result in the same shape; in between [..., intermediateSize]. */
  forward(x: Tensor): Tensor {
    return this.downProj.forward(this.activate(this.gateProj.forward(x)).mul(this.upProj.forward(x)));
  }
}
