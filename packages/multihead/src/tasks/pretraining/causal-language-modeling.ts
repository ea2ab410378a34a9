/** @file Causal language modeling (Radford et al. 2018): predict each token from those before it. */
import type { Values } from '../../engine/engine.js';
import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import { int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import { type Guesses, guessingLoss, type LanguageModelingTask } from './language-modeling.js';

/** Label of positions that are ignored. */
const ignored = -100;

/**
 * Causal language modeling, the pretraining objective of GPT. A block of n + 1 tokens gives n predictions: the model
 * reads all tokens but the last, and predicts all but the first.
 *
 * @example
 * const task = new CausalLanguageModeling();
 * const source = blockSource(packedBlocks(corpus.train, { size: 65 }), task); // a context of 64
 */
export class CausalLanguageModeling implements LanguageModelingTask<ArrayLike<number>, TokenFeature> {
  readonly name = 'text-generation';
  /** A block is one longer than what the model reads of it. */
  readonly specialTokens = -1;

  feature(block: ArrayLike<number>): TokenFeature {
    return tokenFeature({ inputIds: Array.from(block), tokenTypeIds: [] });
  }

  /** `input_ids` and `labels`, int64 [blocks, longest - 1]; shorter blocks are filled up at the end. */
  collate(features: readonly TokenFeature[]): Values {
    const longest = Math.max(2, ...features.map(({ inputIds }) => inputIds.length)) - 1;
    const shape = [features.length, longest];
    const filled = (fill: number, value: (ids: readonly number[], place: number) => number) =>
      int64(
        features.flatMap(({ inputIds }) =>
          Array.from({ length: longest }, (_, place) => (place + 1 < inputIds.length ? value(inputIds, place) : fill)),
        ),
        shape,
      );
    return {
      input_ids: filled(0, (ids, place) => ids[place] as number),
      labels: filled(ignored, (ids, place) => ids[place + 1] as number),
    };
  }

  loss(model: PretrainedModel): Tensor {
    return guessingLoss(this.guesses(model));
  }

  /** Padding stands at the end, where no token looks: there is no mask. */
  guesses(model: PretrainedModel): Guesses {
    if (!('forwardHidden' in model)) {
      throw new UserError(`text-generation trains causal language models, not ${model.constructor.name}`);
    }
    const shape = ['batch_size', 'sequence_length'];
    const causal = model as CausalLanguageModel;
    const hidden = causal.forwardHidden({ inputIds: input('input_ids', 'int64', shape) });
    return { logits: causal.decode(hidden), labels: input('labels', 'int64', shape) };
  }
}
