/** @file Validation of features against the limits of the caller and of the model. */

import { checkNumbers, type NumberLimits, type ReadLimits } from '../models/core/number-limits.js';
import { UserError } from '../platform/errors.js';
import { type Feature, type Tokens, tokensAmong } from './feature.js';

/** Throws for numbers that are not whole or below the minimum. Undefined is allowed. */
export function checkWhole(limits: Readonly<Record<string, number | undefined>>, least = 1): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || (Number.isInteger(value) && value >= least)) continue;
    throw new UserError(`${name} is ${value}; it must be a whole number from ${least}`);
  }
}

/** Returns the maximum length of a text: the requested one, or the default, limited by the model. */
export function maxLengthFor(
  { maxLength }: Pick<ReadLimits, 'maxLength'>,
  asked: number | undefined,
  usual: number,
): number {
  if (asked === undefined) return Math.min(usual, maxLength);
  if (asked <= maxLength) return asked;
  throw new UserError(`maxLength is ${asked}, but the model reads no more than ${maxLength} tokens`);
}

/** Throws for features that the model cannot read; the engine's own errors would be obscure. */
export function checkFeatures(features: readonly (Feature | Tokens)[], limits: ReadLimits): void {
  const { maxLength } = limits;
  for (const { inputIds } of tokensAmong(features)) {
    if (inputIds.length <= maxLength) continue;
    throw new UserError(
      `a text of ${inputIds.length} tokens, but the model reads no more than ${maxLength}. ` +
        `Give the task maxLength: ${maxLength} or less.`,
    );
  }
  checkFeatureNumbers(features, limits);
}

/** Refuses token numbers and token types that the model has no row for. */
export function checkFeatureNumbers(
  features: readonly (Feature | Tokens)[],
  { vocabSize, typeVocabSize }: NumberLimits,
): void {
  for (const { inputIds, tokenTypeIds } of tokensAmong(features))
    checkNumbers(inputIds, tokenTypeIds, { vocabSize, typeVocabSize });
}
