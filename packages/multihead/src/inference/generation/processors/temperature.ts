/** @file Temperature: how far the choice strays from the likeliest token. */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Divides the scores by the temperature: below 1 the likely tokens become likelier, above 1 the others do.
 *
 * @param temperature above 0
 */
export const temperature =
  (temperature: number): LogitsProcessor =>
  (scores) => {
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / temperature;
  };
