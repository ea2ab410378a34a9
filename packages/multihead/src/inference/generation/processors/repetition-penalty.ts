/** @file The repetition penalty (Keskar et al. 2019, CTRL). */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Makes tokens that already occur in the prompt or text less likely or, below 1, more likely: scores above zero are
 * divided by the penalty, those below are multiplied. Each token counts once, however often it occurs.
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
