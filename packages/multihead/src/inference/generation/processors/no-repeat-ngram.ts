/** @file Blocking of repeated n-grams (Paulus, Xiong and Socher 2017). */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Rules out tokens that would complete an n-gram that already occurs in the prompt or text.
 *
 * @param size length of the n-grams, from 1 (no token repeats)
 */
export const noRepeatNgram =
  (size: number): LogitsProcessor =>
  (scores, { tokenIds }) => {
    const start = tokenIds.length - (size - 1); // of the beginning of the n-gram that the next token would end
    if (start < 0) return;
    for (let at = 0; at + size <= tokenIds.length; at++) {
      let isSame = true;
      for (let i = 0; i < size - 1 && isSame; i++) isSame = tokenIds[at + i] === tokenIds[start + i];
      if (isSame) scores[tokenIds[at + size - 1] as number] = Number.NEGATIVE_INFINITY;
    }
  };
