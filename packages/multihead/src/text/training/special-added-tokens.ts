/** @file Special tokens as tokenizer.json lists them: found in a text as they are written, and left out by decoding. */
import type { AddedToken } from '../backends/backend.js';
import { exactToken } from '../files/exact-token.js';

/** The list for tokenizer.json, numbered from 0. */
export const specialAddedTokens = (specialTokens: readonly string[]): AddedToken[] =>
  specialTokens.map((content, id) => ({
    ...exactToken(id, content),
    lstrip: content === '<mask>', // as RoBERTa's, which stands for a word with the space before it
  }));
