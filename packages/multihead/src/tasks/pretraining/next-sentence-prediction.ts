/**
 * @file BERT's two tasks at once (Devlin et al. 2019, section 3.1): guess hidden tokens of a pair of texts, and whether the
 * second text follows the first.
 *
 *   loss = crossEntropy(hidden tokens) + crossEntropy(follows or not)
 */
import type { SentencePair } from '../../data/pretraining/sentence-pair-blocks.js';
import type { Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { NextSentenceModel } from '../../models/encoder/encoder-heads.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { Random } from '../../platform/random.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import { type Guesses, guessingLoss, type LanguageModelingTask } from './language-modeling.js';
import {
  MaskedLanguageModeling,
  type MaskedLanguageModelingOptions,
  maskedLanguageModelingOptionNames,
} from './masked-language-modeling.js';

/** The feature of a pair of texts. */
export interface SentencePairFeature extends TokenFeature {
  /** 0 where the second text follows the first, 1 where it does not: Hugging Face's classes. */
  readonly nextSentenceLabel: 0 | 1;
}

/**
 * Masked language modeling with next-sentence prediction, for `BertForPreTraining`. Its examples are sentence pairs;
 * masks are drawn anew for each batch.
 *
 * @example
 * const corpus = await tokenizeCorpus({ sources: 'corpus/*.txt', tokenizer: 'tok', output: 'runs/corpus', sentences: true });
 * const task = new NextSentencePrediction({ tokenizer });
 * const train = sentencePairSource(corpus.train, task, { blockSize: 128 });
 * await new Trainer({ model: BertForPreTraining.fromConfig(config), task, tokenizer, train, maxSteps: 10_000 }).train();
 */
export class NextSentencePrediction implements LanguageModelingTask<SentencePair, SentencePairFeature> {
  readonly name = 'fill-mask';
  readonly specialTokens = 3;
  readonly tokenizer: Tokenizer;
  private readonly masked: MaskedLanguageModeling;

  constructor(options: MaskedLanguageModelingOptions) {
    checkOptionNames(options, maskedLanguageModelingOptionNames, 'NextSentencePrediction');
    this.tokenizer = options.tokenizer;
    this.masked = new MaskedLanguageModeling(options);
  }

  /** [CLS] first [SEP] second [SEP]; token type 1 from behind the first [SEP] */
  feature({ first, second, isNext }: SentencePair): SentencePairFeature {
    const [cls, sep] = [this.tokenizer.clsId as number, this.tokenizer.sepId as number];
    const inputIds = [cls, ...first, sep, ...second, sep];
    const tokenTypeIds = inputIds.map((_, i) => (i < first.length + 2 ? 0 : 1));
    return tokenFeature({ inputIds, tokenTypeIds }, { nextSentenceLabel: isNext ? 0 : 1 });
  }

  /** What `MaskedLanguageModeling` gives, and `next_sentence_label`, int64 [batch]. */
  collate(features: readonly SentencePairFeature[], random: Random): Values {
    const labels = features.map(({ nextSentenceLabel }) => nextSentenceLabel);
    return { ...this.masked.collate(features, random), next_sentence_label: int64(labels, [labels.length]) };
  }

  loss(model: PretrainedModel): Tensor {
    const { nextSentence, ...tokens } = this.guesses(model);
    return guessingLoss(tokens).add(guessingLoss(nextSentence));
  }

  guesses(model: PretrainedModel): Guesses & { readonly nextSentence: Guesses } {
    if (!('forwardMaskedPairs' in model)) {
      throw new UserError(
        `next-sentence prediction trains models that score pairs of texts, such as BertForPreTraining, not ${model.constructor.name}`,
      );
    }
    const pretrained = model as NextSentenceModel;
    if ((pretrained.config.typeVocabSize ?? 0) < 2) {
      throw new UserError(
        'next-sentence prediction tells two texts apart by token types: config.json needs type_vocab_size 2',
      );
    }
    const positions = input('masked_positions', 'int64', ['masked']);
    const { predictions, seqRelationship } = pretrained.forwardMaskedPairs(modelInputs(), positions);
    return {
      logits: predictions,
      labels: input('labels', 'int64', ['masked']),
      nextSentence: { logits: seqRelationship, labels: input('next_sentence_label', 'int64', ['batch_size']) },
    };
  }
}
