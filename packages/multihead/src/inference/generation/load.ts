/** @file A model folder, made ready to generate text. */

import { z } from 'zod';
import { exists, joinPath } from '#files';
import { locateModel } from '../../models/adapters/locate-model.js';
import { AutoModelForCausalLM } from '../../models/auto-model.js';
import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import type { FromPretrainedOptions } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { defineService } from '../../tasks/pipeline-service.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { loadTokenizer } from '../load-tokenizer.js';
import type { PipelineDefinition } from '../registry.js';
import { ContinuousGenerator } from './continuous/continuous-generator.js';
import { parseGenerationConfig } from './generation-config.js';
import { generationSchema } from './generation-schema.js';
import { readGenerationSettings } from './generation-settings.js';
import { shareBatch } from './search/shared-generator.js';
import { type TextGenerationPipeline, textGenerationPipeline } from './text-generation.js';

/** Loads a folder's model and tokenizer. */
export async function loadCausal(
  folder: string,
  options: Pick<FromPretrainedOptions, 'device' | 'dtype'> = {},
): Promise<{ model: CausalLanguageModel; tokenizer: Tokenizer }> {
  const model = await AutoModelForCausalLM.fromPretrained(folder, options);
  const { newlyInitialized = [], path } = model.loadingReport ?? {};
  if (newlyInitialized.length === 0) return { model, tokenizer: await loadTokenizer(model, folder) };
  throw new UserError(
    `${path}: lacks ${newlyInitialized.length} of the model's parameters (${newlyInitialized.slice(0, 3).join(', ')}), ` +
      'so its text would be noise. Is the file whole, and does it belong to config.json?',
  );
}

/** The options without their defaults: those of the model's folder come first. */
const withoutDefaults = ({ shape }: z.ZodObject): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(shape).map(([name, option]) => [
      name,
      option instanceof z.ZodDefault
        ? (option.unwrap() as z.ZodType).optional().describe(option.description ?? '')
        : (option as z.ZodType),
    ]),
  );

/** Text generation as a row of the registry, with the defaults of a folder's `generation_config.json`. */
export const textGeneration: PipelineDefinition<TextGenerationPipeline> = {
  name: 'text-generation',
  async load(folder, { device, dtype, continuousBatching }) {
    const hasOwn = await exists(joinPath(folder, 'generation_config.json'));
    // An adapter generates as its base model does.
    const { folder: base } = await locateModel(folder);
    const config = parseGenerationConfig(await readGenerationSettings(hasOwn ? folder : base));
    const { model, tokenizer } = await loadCausal(folder, { device, dtype });
    if (continuousBatching) shareBatch(model, new ContinuousGenerator(model, continuousBatching));
    return textGenerationPipeline(model, tokenizer, config);
  },
  service: defineService({
    summary: 'Texts that continue prompts',
    heads: ['CausalLM'],
    input: z.string(),
    parameters: z.object({
      ...withoutDefaults(generationSchema),
      returnFullText: z.boolean().optional().describe('whether the text begins with the prompt (default: true)'),
    }),
    output: z.array(
      z.object({
        generatedText: z.string(),
        tokenIds: z.array(z.int()),
        finishReason: z.enum(['eos', 'stop', 'length']),
        score: z.number().optional(),
      }),
    ),
    example: 'Once upon a time',
    texts: (prompt) => [prompt],
    answer: (generate: TextGenerationPipeline, prompts, parameters, { signal }) =>
      generate(prompts, { ...parameters, signal }),
  }),
};
