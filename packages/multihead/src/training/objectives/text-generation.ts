/** @file Causal language modeling (Radford et al. 2018) as a pretraining objective. */
import { z } from 'zod';
import { CausalLanguageModeling } from '../../tasks/pretraining/causal-language-modeling.js';
import { corpusSource } from '../feeding/pretraining.js';
import { defineObjective } from './objective.js';

/** Each token is predicted from those before it. */
export const textGeneration = defineObjective({
  name: 'text-generation',
  description: 'causal language modeling (GPT)',
  options: z.object({}),
  models: () => ({ head: 'CausalLM', trainedBy: 'text-generation' }),
  prepare({ tokenizer: { eosId: separatorId }, lineByLine }) {
    const task = new CausalLanguageModeling();
    return {
      task,
      featuresOf: (tokens, blockSize) => corpusSource(tokens, task, { blockSize, lineByLine, separatorId }),
    };
  },
  tryIt: (model) => `generate --model ${model} --prompt "..."`,
});
