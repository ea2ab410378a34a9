/**
 * @file Masked language modelling with a teacher: while it guesses the hidden tokens, the model also learns to give every
 * token the hidden state that a larger model gives it (Sanh et al. 2019, Jiao et al. 2020), and, by its pooler, the text the
 * direction of the mean of them (Reimers and Gurevych 2020). The teacher sees the tokens that are hidden from the student.
 * One pass serves all three, and a small model learns from far less text.
 *
 *   loss = crossEntropy(hidden tokens) + weight * (|H - T|^2 / |T|^2 + mean(1 - cos(pooled, mean of T)))
 *
 * H and T: the student's and the teacher's last hidden states at the taught tokens.
 */
import type { Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { NextSentenceModel } from '../../models/encoder/encoder-heads.js';
import { rowsAt } from '../../models/encoder/encoder-stack.js';
import type { Pooler } from '../../nn/layers/pooler.js';
import { countedMean } from '../../nn/losses/counted-mean.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Random } from '../../platform/random.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { TokenFeature } from '../feature.js';
import { type Guesses, guessingLoss } from './language-modeling.js';
import {
  MaskedLanguageModeling,
  type MaskedLanguageModelingOptions,
  maskedLanguageModelingOptionNames,
} from './masked-language-modeling.js';

/** A text with its teacher's hidden states; a text without them takes part in guessing only. */
export interface TaughtFeature extends TokenFeature {
  /** [tokens, hiddenSize] */
  readonly teacher?: Float32Array | undefined;
}

/** Options of `DistilledLanguageModeling`. */
export interface DistillationOptions extends MaskedLanguageModelingOptions {
  /** The student's hidden size, which the teacher has too. */
  readonly hiddenSize: number;
  /** Weight of the teacher's loss beside the cross-entropy. Default: 10. */
  readonly teacherWeight?: number;
}

const optionNames = [
  ...maskedLanguageModelingOptionNames,
  ...namesOf<Omit<DistillationOptions, keyof MaskedLanguageModelingOptions>>({ hiddenSize: true, teacherWeight: true }),
];

/**
 * Masked language modeling with a teacher, for `BertForPreTraining`. The pooler is trained, too, so that the saved
 * model classifies well after little fine-tuning.
 *
 * @example
 * const task = new DistilledLanguageModeling({ tokenizer, hiddenSize: 384 });
 * const train = listSource([tokenFeature({ inputIds: [101, 7592, 102], tokenTypeIds: [0, 0, 0] }, { teacher: states })]);
 * await new Trainer({ model, task, tokenizer, train, maxSteps: 10_000 }).train();
 */
export class DistilledLanguageModeling extends MaskedLanguageModeling {
  private readonly hiddenSize: number;
  private readonly teacherWeight: number;

  constructor(options: DistillationOptions) {
    checkOptionNames(options, optionNames, 'DistilledLanguageModeling');
    const { hiddenSize, teacherWeight = 10, ...masked } = options;
    super(masked);
    this.hiddenSize = hiddenSize;
    this.teacherWeight = teacherWeight;
  }

  /** Adds `teacher` float32 [batch, sequence, hiddenSize] and `is_taught` float32 [batch, sequence], 1 at taught tokens. */
  override collate(features: readonly TaughtFeature[], random: Random): Values {
    const { hiddenSize } = this;
    const longest = Math.max(...features.map(({ inputIds }) => inputIds.length));
    const states = new Float32Array(features.length * longest * hiddenSize);
    const isTaught = new Float32Array(features.length * longest);
    for (const [row, { teacher, inputIds }] of features.entries()) {
      if (!teacher) continue;
      if (teacher.length !== inputIds.length * hiddenSize) {
        throw new UserError(
          `a teacher's hidden states are ${teacher.length} numbers; ${inputIds.length} tokens of a model with the hidden ` +
            `size ${hiddenSize} need ${inputIds.length * hiddenSize}`,
        );
      }
      states.set(teacher, row * longest * hiddenSize);
      isTaught.fill(1, row * longest, row * longest + inputIds.length);
    }
    return {
      ...super.collate(features, random),
      teacher: { dtype: 'float32', shape: [features.length, longest, hiddenSize], data: states },
      is_taught: { dtype: 'float32', shape: [features.length, longest], data: isTaught },
    };
  }

  override loss(model: PretrainedModel): Tensor {
    const pretrained = pretraining(model);
    const { encoder } = pretrained;
    const { lastHiddenState: student } = encoder.forwardTokens(modelInputs()); // [batch, sequence, hiddenSize]
    const logits = pretrained.scoreTokens(rowsAt(student, input('masked_positions', 'int64', ['masked'])));
    const guessing = guessingLoss({ logits, labels: input('labels', 'int64', ['masked']) });
    const teacher = input('teacher', 'float32', ['batch_size', 'sequence_length', this.hiddenSize]); // 0 where untaught
    const isTaught = input('is_taught', 'float32', ['batch_size', 'sequence_length']);
    const difference = student.sub(teacher);
    const error = difference.mul(difference).sum(-1).mul(isTaught).sum();
    const ofTokens = countedMean(teacher.mul(teacher).sum());
    const tokens = ofTokens.weigh(error.div(ofTokens.divisor.maximum(1)));
    const pooled = (encoder.pooler as Pooler).forward(student); // [batch, hiddenSize]
    const mean = teacher.sum(1); // its direction is the mean's
    const lengths = pooled.mul(pooled).sum(-1).mul(mean.mul(mean).sum(-1)).add(1e-12).sqrt();
    const hasTeacher = isTaught.slice(1, 0, 1).squeeze(1); // [batch]
    const cosine = pooled.mul(mean).sum(-1).div(lengths);
    const ofTexts = countedMean(hasTeacher.sum());
    const texts = ofTexts.weigh(hasTeacher.sub(cosine.mul(hasTeacher)).sum().div(ofTexts.divisor.maximum(1)));
    return guessing.add(tokens.add(texts).mul(this.teacherWeight));
  }

  override guesses(model: PretrainedModel): Guesses {
    const positions = input('masked_positions', 'int64', ['masked']);
    const { predictions: logits } = pretraining(model).forwardMaskedPairs(modelInputs(), positions);
    return { logits, labels: input('labels', 'int64', ['masked']) };
  }
}

function pretraining(model: PretrainedModel): NextSentenceModel {
  if ('forwardMaskedPairs' in model) return model as NextSentenceModel;
  throw new UserError(
    `distillation trains models with a pooler and heads for tokens and pairs, such as BertForPreTraining, not ${model.constructor.name}`,
  );
}
