/** @file Top-p or nucleus sampling (Holtzman et al. 2020). */

import { exponentials } from '../../../platform/softmax.js';
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Keeps the most likely tokens whose probabilities together reach p (Holtzman et al. 2020), and at least one.
 *
 * From the least likely token on, tokens go as long as what has gone is no more than 1 - p. All of them that have less
 * than a vocabulary-th of 1 - p go for sure; only the rest is sorted.
 *
 * @param p above 0; from 1 nothing goes
 */
export const topP =
  (p: number): LogitsProcessor =>
  (scores) => {
    const { values, total } = exponentials(scores);
    const allowed = (1 - p) * total;
    const few = allowed / scores.length;
    let gone = 0;
    const rest: number[] = [];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value >= few) rest.push(i);
      else {
        gone += value;
        scores[i] = Number.NEGATIVE_INFINITY;
      }
    }
    rest.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
    rest.pop(); // the most likely token stays
    for (const i of rest) {
      gone += values[i] as number;
      if (gone > allowed) return;
      scores[i] = Number.NEGATIVE_INFINITY;
    }
  };
