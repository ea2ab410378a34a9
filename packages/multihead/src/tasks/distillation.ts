/**
 * @file Masked language modelling with a teacher: while it guesses the hidden tokens, the model also learns to give a text
 * the vector that a larger model gives it (Reimers and Gurevych 2020). One pass serves both, and a small model learns from
 * far less text.
 *
 *   loss = crossEntropy(hidden tokens) + weight * mean(1 - cos(mean of the last hidden state, teacher's vector))
 */
import type { Values } from '../engine/engine.js';
import { UserError } from '../errors.js';
import { rowsAt } from '../models/bert.js';
import { BertForMaskedLM } from '../models/bert-heads.js';
import { modelInputs } from '../models/model.js';
import type { PretrainedModel } from '../models/pretrained.js';
import type { Random } from '../random.js';
import { input } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';
import { guessingLoss } from './language-modeling.js';
import { MaskedLanguageModeling, type MaskedLanguageModelingOptions } from './masked-language-modeling.js';
import type { Feature } from './task.js';

/** A text with its teacher's vector; a text without one takes part in guessing only. */
export interface TaughtFeature extends Feature {
  /** [hiddenSize], of length 1. */
  readonly teacher?: Float32Array | undefined;
}

/** What the task needs to know. */
export interface DistillationOptions extends MaskedLanguageModelingOptions {
  /** The student's hidden size, which the teacher's vectors have too. */
  readonly hiddenSize: number;
  /** What the teacher counts beside the cross-entropy. Default: 5. */
  readonly teacherWeight?: number;
}

/** Masked language modelling with a teacher. */
export class DistilledLanguageModeling extends MaskedLanguageModeling {
  private readonly hiddenSize: number;
  private readonly teacherWeight: number;

  constructor({ hiddenSize, teacherWeight = 5, ...options }: DistillationOptions) {
    super(options);
    this.hiddenSize = hiddenSize;
    this.teacherWeight = teacherWeight;
  }

  /** Adds `teacher` float32 [batch, hiddenSize] and `is_taught` float32 [batch]. */
  override collate(features: readonly TaughtFeature[], random: Random): Values {
    const { hiddenSize } = this;
    const vectors = new Float32Array(features.length * hiddenSize);
    const isTaught = new Float32Array(features.length);
    for (const [row, { teacher }] of features.entries()) {
      if (!teacher) continue;
      if (teacher.length !== hiddenSize) {
        throw new UserError(
          `a teacher's vector has ${teacher.length} numbers; the model's hidden size is ${hiddenSize}`,
        );
      }
      vectors.set(teacher, row * hiddenSize);
      isTaught[row] = 1;
    }
    return {
      ...super.collate(features, random),
      teacher: { dtype: 'float32', shape: [features.length, hiddenSize], data: vectors },
      is_taught: { dtype: 'float32', shape: [features.length], data: isTaught },
    };
  }

  override loss(model: PretrainedModel): Tensor {
    if (!(model instanceof BertForMaskedLM)) {
      throw new UserError(`distillation trains BertForMaskedLM, not ${model.constructor.name}`);
    }
    const inputs = modelInputs();
    const { lastHiddenState } = model.bert.forward(inputs); // [batch, sequence, hiddenSize]
    const logits = model.cls.predictions.forward(
      rowsAt(lastHiddenState, input('masked_positions', 'int64', ['masked'])),
    );
    const guessing = guessingLoss({ logits, labels: input('labels', 'int64', ['masked']) });
    const isToken = inputs.attentionMask.cast('float32').unsqueeze(-1); // [batch, sequence, 1]
    const sum = lastHiddenState.mul(isToken).sum(1); // its direction is the mean's
    const teacher = input('teacher', 'float32', ['batch_size', this.hiddenSize]);
    const isTaught = input('is_taught', 'float32', ['batch_size']);
    const cosine = sum.mul(teacher).sum(-1).div(sum.mul(sum).sum(-1).add(1e-12).sqrt()); // [batch]
    const distance = isTaught.sub(cosine.mul(isTaught)).sum().div(isTaught.sum().maximum(1));
    return guessing.add(distance.mul(this.teacherWeight));
  }
}
