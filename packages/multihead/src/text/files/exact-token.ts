/** @file The entry of tokenizer.json for a token that is found in a text exactly as it is written. */
import type { AddedToken } from '../backends/backend.js';

/** The entry. @param special whether decoding may leave the token out */
export const exactToken = (id: number, content: string, special = true): Required<AddedToken> => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});
