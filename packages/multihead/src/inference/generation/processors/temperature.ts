/** @file Temperature of sampling. */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Divides the scores by the temperature: below 1, likely tokens become more likely; above 1, less.
 *
 * @param temperature above 0
 */
export const temperature =
  (temperature: number): LogitsProcessor =>
  (scores) => {
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / temperature;
  };
