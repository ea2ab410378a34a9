/** @file Texts as OpenAI's requests give them: one or several, as text or as token ids. */
import { z } from 'zod';
import type { TextOrTokens } from '../../models/served-model.js';
import { tokenId } from '../token-ids.js';

const tokenIds = z.array(tokenId).min(1);

/** A text or texts, or token ids of one or several. */
export const textInputs = z
  .union([z.string(), z.array(z.string()).min(1), tokenIds, z.array(tokenIds).min(1)])
  .describe('a text or texts, or token ids of `/tokenize`');

/** The texts of a request, one or several. */
export function listOfTexts(given: z.output<typeof textInputs>): readonly TextOrTokens[] {
  if (typeof given === 'string') return [given];
  return typeof given[0] === 'number' ? [given as number[]] : (given as TextOrTokens[]);
}
