/** @file The head of a classifier that has a pooler of its own, as RoBERTa's and ELECTRA's have. */
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Linear } from '../../nn/layers/linear.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { EncoderConfig } from './encoder-config.js';

/** Dropout before a classifier. */
export const classifierDropout = ({
  classifierDropout: own,
  hiddenDropoutProb,
}: Pick<EncoderConfig, 'classifierDropout' | 'hiddenDropoutProb'>): Dropout => new Dropout(own ?? hiddenDropoutProb);

/** W_2 f(W_1 h_0 + b_1) + b_2, with dropout before both and an activation f. */
export class ClassifierHead extends Module {
  readonly dense: Linear;
  readonly outProj: Linear;
  private readonly activate: Activation;
  private readonly first: Dropout;
  private readonly second: Dropout;

  /** @param activationName `tanh` or one of the activations of config.json, such as `gelu` */
  constructor(config: EncoderConfig, activationName: string) {
    super();
    this.dense = new Linear(config.hiddenSize, config.hiddenSize, config.initializerRange);
    this.outProj = new Linear(config.hiddenSize, config.numLabels, config.initializerRange);
    this.activate = activationName === 'tanh' ? (x) => x.tanh() : activation(activationName);
    this.first = classifierDropout(config);
    this.second = classifierDropout(config);
  }

  /** The first token's hidden state: [batch, 1, hiddenSize] -> [batch, labels] */
  forward(first: Tensor): Tensor {
    const pooled = this.activate(this.dense.forward(this.first.forward(first.squeeze(1))));
    return this.outProj.forward(this.second.forward(pooled));
  }
}
