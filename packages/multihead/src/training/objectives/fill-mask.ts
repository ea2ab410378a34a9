/** @file Masked language modeling, alone or with next-sentence prediction (Devlin et al. 2019), as a pretraining objective. */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { MaskedLanguageModeling } from '../../tasks/pretraining/masked-language-modeling.js';
import { NextSentencePrediction } from '../../tasks/pretraining/next-sentence-prediction.js';
import { corpusSource, sentencePairSource } from '../feeding/pretraining.js';
import { defineObjective } from './objective.js';

const options = z.object({
  mlmProbability: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.15)
    .describe('fraction of the tokens to mask')
    .meta({ value: 'share' }),
  wholeWordMasking: z
    .boolean()
    .default(true)
    .describe('mask all tokens of a word together')
    .meta({ off: 'mask tokens independently instead of whole words' }),
  nextSentence: z.boolean().default(false).describe('train next-sentence prediction on pairs of texts, too'),
});

/** Masked tokens are predicted from both sides; with `nextSentence`, whether one text follows the other, too. */
export const fillMask = defineObjective({
  name: 'fill-mask',
  description: 'masked language modeling (BERT)',
  options,
  models: ({ nextSentence }) =>
    nextSentence
      ? {
          head: 'PreTraining',
          trainedBy: 'nextSentence',
          suits: ({ heads }) => 'forwardMaskedPairs' in (heads.PreTraining?.prototype ?? {}),
        }
      : { head: 'MaskedLM', trainedBy: 'fill-mask' },
  needsSentences: ({ nextSentence }) => nextSentence,
  check({ nextSentence }, { lineByLine }) {
    if (nextSentence && lineByLine)
      throw new UserError('nextSentence and lineByLine exclude each other: pairs of texts are no lines');
  },
  prepare({ tokenizer, options: { nextSentence, ...masking }, lineByLine, seed }) {
    if (nextSentence) {
      const task = new NextSentencePrediction({ tokenizer, ...masking });
      return { task, featuresOf: (tokens, blockSize) => sentencePairSource(tokens, task, { blockSize, seed }) };
    }
    const task = new MaskedLanguageModeling({ tokenizer, ...masking });
    const { sepId: separatorId } = tokenizer;
    return {
      task,
      featuresOf: (tokens, blockSize) => corpusSource(tokens, task, { blockSize, lineByLine, separatorId }),
    };
  },
  tryIt: (model) => `predict fill-mask --model ${model} "... [MASK] ..."`,
});
