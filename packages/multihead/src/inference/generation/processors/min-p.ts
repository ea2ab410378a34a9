/** @file Min-p sampling (Nguyen et al. 2024). */

import { largest } from '../../../platform/softmax.js';
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Rules out tokens whose probability is below `minP` times that of the most likely one.
 *
 * @param minP from 0 to 1
 */
export const minP =
  (minP: number): LogitsProcessor =>
  (scores) => {
    const top = largest(scores);
    for (let i = 0; i < scores.length; i++) {
      if (Math.exp((scores[i] as number) - top) < minP) scores[i] = Number.NEGATIVE_INFINITY;
    }
  };
