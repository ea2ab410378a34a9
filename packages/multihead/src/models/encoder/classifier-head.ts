/** @file The head of a classifier that has a pooler of its own, and classifiers with it: RoBERTa's and ELECTRA's. */
import { type Activation, activation } from '../../nn/layers/activation.js';
import { Dropout } from '../../nn/layers/dropout.js';
import { Linear } from '../../nn/layers/linear.js';
import { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { EncoderConfig } from './encoder-config.js';
import { SequenceClassificationModel } from './encoder-heads.js';

/** Dropout before a classifier. */
export const classifierDropout = ({
  classifierDropout: own,
  hiddenDropoutProb,
}: Pick<EncoderConfig, 'classifierDropout' | 'hiddenDropoutProb'>): Dropout => new Dropout(own ?? hiddenDropoutProb);

/** W_2 f(W_1 h_0 + b_1) + b_2, with dropout before both and an activation f; W_2 h + b_2 for a classifier of means h. */
export class ClassifierHead extends Module {
  /** The layer between; undefined for a classifier of means. */
  readonly dense: Linear | undefined;
  readonly outProj: Linear;
  private readonly activate: Activation;
  private readonly first: Dropout;
  /** Dropout before the last layer. */
  readonly second: Dropout;

  /** @param activationName `tanh` or one of the activations of config.json, such as `gelu` */
  constructor(config: EncoderConfig, activationName: string) {
    super();
    const { hiddenSize, initializerRange, classifierPooling } = config;
    this.dense = classifierPooling === 'cls' ? new Linear(hiddenSize, hiddenSize, initializerRange) : undefined;
    this.outProj = new Linear(hiddenSize, config.numLabels, initializerRange);
    this.activate = activationName === 'tanh' ? (x) => x.tanh() : activation(activationName);
    this.first = classifierDropout(config);
    this.second = classifierDropout(config);
  }

  /** f(W_1 h_0 + b_1), of the first token's hidden state: [batch, 1, hiddenSize] -> [batch, hiddenSize] */
  pool(first: Tensor): Tensor {
    return this.activate((this.dense as Linear).forward(this.first.forward(first.squeeze(1))));
  }
}

/** Base class of sequence classifiers with such a head. */
export abstract class DenseHeadClassifier extends SequenceClassificationModel {
  abstract readonly classifier: ClassifierHead;

  get lastLayer(): Linear {
    return this.classifier.outProj;
  }

  protected get lastDropout(): Dropout {
    return this.classifier.second;
  }

  protected poolFirst(first: Tensor): Tensor {
    return this.classifier.pool(first);
  }
}
