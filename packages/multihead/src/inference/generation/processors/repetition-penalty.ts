/** @file The repetition penalty (Keskar et al. 2019, CTRL). */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Makes tokens that the prompt or the text has already less likely, or (below 1) more: a score above zero is divided by
 * the penalty, one below is multiplied. Each token counts once, however often it is there.
 *
 * @param penalty above 0; 1 changes nothing
 */
export const repetitionPenalty =
  (penalty: number): LogitsProcessor =>
  (scores, { tokenIds }) => {
    for (const token of new Set(tokenIds)) {
      const score = scores[token] as number;
      scores[token] = score < 0 ? score * penalty : score / penalty;
    }
  };
