/** @file BERT's pooler: one vector for a whole text. */
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { Linear } from './linear.js';

/**
 * tanh(W h_0 + b), with h_0 the hidden state of the first token, [CLS] (Devlin et al. 2019).
 *
 * @example
 * const pooled = new Pooler(384).forward(hidden); // [batch, sequence, 384] -> [batch, 384]
 */
export class Pooler extends Module {
  readonly dense: Linear;

  constructor(hiddenSize: number, deviation = 0.02) {
    super();
    this.dense = new Linear(hiddenSize, hiddenSize, deviation);
  }

  /** hidden: [batch, sequence, hiddenSize] -> [batch, hiddenSize] */
  forward(hidden: Tensor): Tensor {
    return this.dense.forward(hidden.slice(1, 0, 1).squeeze(1)).tanh();
  }
}
