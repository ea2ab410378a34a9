/** @file Validation of a generation request. */

import type { DecodingModel } from '../../models/causal/decoding-model.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames } from '../../platform/option-names.js';
import { newTokenLimit } from './budget.js';
import {
  defined,
  type GenerationOptions,
  generationOptionNames,
  type ResolvedOptions,
  resolveOptions,
} from './options.js';

/**
 * Validates options and prompts, and fills in defaults, including the model's end-of-text tokens.
 *
 * @throws UserError for options that make no sense, and for prompts that the model cannot read
 */
export function resolveRequest(
  model: DecodingModel,
  inputIds: readonly (readonly number[])[],
  options: GenerationOptions,
): ResolvedOptions {
  checkOptionNames(options, generationOptionNames, 'generate');
  const { vocabSize } = model.config;
  const eosTokenId = knownTokens(model.config.eosTokenId, vocabSize);
  const resolved = resolveOptions({ eosTokenId, ...defined(options) });
  checkPrompts(inputIds, vocabSize);
  const unknown = resolved.eosTokenIds.find((id) => id >= vocabSize);
  if (unknown !== undefined) {
    throw new UserError(`eosTokenId is ${unknown}, but the model's vocabulary has ${vocabSize} tokens`);
  }
  if (resolved.stopStrings.length > 0 && !options.tokenizer) {
    throw new UserError('stopStrings are looked for in the text: give the tokenizer too ({ tokenizer })');
  }
  for (const { length } of inputIds) newTokenLimit(length, model.maxPositionEmbeddings, resolved);
  return resolved;
}

/** The end-of-text tokens that a configuration names, without those that the vocabulary lacks: no text ends with them. */
export const knownTokens = (ids: number | readonly number[] | null | undefined, vocabSize: number): number[] =>
  [ids ?? []].flat().filter((id) => id >= 0 && id < vocabSize);

/** Refuses prompts that there is nothing to read in, and tokens that the model does not have. */
function checkPrompts(inputIds: readonly (readonly number[])[], vocabSize: number): void {
  for (const [i, prompt] of inputIds.entries()) {
    if (prompt.length === 0) {
      throw new UserError(
        `prompt ${i + 1} has no tokens, so there is nothing to continue. Begin with the model's beginning-of-text token.`,
      );
    }
    const unknown = prompt.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabSize));
    if (unknown !== undefined) {
      throw new UserError(
        `prompt ${i + 1} has the token number ${unknown}, but the model's vocabulary has ${vocabSize} tokens. ` +
          'Tokenizer and model do not belong together.',
      );
    }
  }
}
