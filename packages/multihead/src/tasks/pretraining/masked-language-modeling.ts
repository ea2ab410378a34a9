/**
 * @file Masked language modeling (Devlin et al. 2019): predict masked tokens from both sides. Scores are computed at
 *   the masked positions only.
 */
import type { Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { MaskedLanguageModel } from '../../models/encoder/encoder-heads.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Random } from '../../platform/random.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { collateTokens, int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import { type Guesses, guessingLoss, type LanguageModelingTask } from './language-modeling.js';
import { Masking, type MaskingOptions } from './masking.js';

/** Options of `MaskedLanguageModeling`. */
export interface MaskedLanguageModelingOptions extends MaskingOptions {
  readonly tokenizer: Tokenizer;
}

export const maskedLanguageModelingOptionNames = namesOf<MaskedLanguageModelingOptions>({
  tokenizer: true,
  mlmProbability: true,
  wholeWordMasking: true,
});

/**
 * Masked language modeling, the pretraining objective of BERT. Masks are drawn anew for each batch.
 *
 * @example
 * const task = new MaskedLanguageModeling({ tokenizer, mlmProbability: 0.15 });
 * const source = blockSource(packedBlocks(corpus.train, { size: 126 }), task);
 * await new Trainer({ model, task, tokenizer, train: source, maxSteps: 10_000 }).train();
 */
export class MaskedLanguageModeling implements LanguageModelingTask<ArrayLike<number>, TokenFeature> {
  readonly name = 'fill-mask';
  readonly specialTokens = 2;
  private readonly masking: Masking;
  readonly tokenizer: Tokenizer;

  constructor(options: MaskedLanguageModelingOptions) {
    checkOptionNames(options, maskedLanguageModelingOptionNames, 'MaskedLanguageModeling');
    const { tokenizer, ...masking } = options;
    this.tokenizer = tokenizer;
    this.masking = new Masking(tokenizer, masking);
    if (tokenizer.clsId === undefined || tokenizer.sepId === undefined) {
      throw new UserError(
        'The tokenizer names no token before a text and behind it, between which encoders read one: cls_token and sep_token in ' +
          'tokenizer_config.json, such as [CLS] and [SEP] or <s> and </s>.',
      );
    }
  }

  /** [CLS] block [SEP], or <s> block </s> */
  feature(block: ArrayLike<number>): TokenFeature {
    const inputIds = [this.tokenizer.clsId as number, ...Array.from(block), this.tokenizer.sepId as number];
    return tokenFeature({ inputIds, tokenTypeIds: new Array<number>(inputIds.length).fill(0) });
  }

  /** Besides the model's inputs: `masked_positions` and `labels`, int64 [masked]. */
  collate(features: readonly TokenFeature[], random: Random): Values {
    const hidden = features.map(({ inputIds, tokenTypeIds }) => ({
      ...this.masking.hide(inputIds, random),
      tokenTypeIds,
    }));
    const longest = Math.max(...features.map(({ inputIds }) => inputIds.length));
    const positions = hidden.flatMap(({ places }, row) => places.map((place) => row * longest + place));
    const labels = hidden.flatMap(({ labels }) => labels);
    const shape = [labels.length];
    return {
      ...collateTokens(hidden, this.tokenizer.padId),
      masked_positions: int64(positions, shape),
      labels: int64(labels, shape),
    };
  }

  loss(model: PretrainedModel): Tensor {
    return guessingLoss(this.guesses(model));
  }

  guesses(model: PretrainedModel): Guesses {
    if (!('forwardMasked' in model)) {
      throw new UserError(
        `fill-mask trains masked language models, such as BertForMaskedLM, not ${model.constructor.name}`,
      );
    }
    const positions = input('masked_positions', 'int64', ['masked']);
    const labels = input('labels', 'int64', ['masked']);
    return { logits: (model as MaskedLanguageModel).forwardMasked(modelInputs(), positions), labels };
  }
}
