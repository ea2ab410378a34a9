/** @file No n-gram of tokens comes twice (Paulus, Xiong and Socher 2017). */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Rules out each token that would end an n-gram which the prompt or the text has already.
 *
 * @param size the n-grams' length, from 1 (no token comes twice)
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
