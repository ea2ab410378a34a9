/** @file Choice of the next token: the most likely one, or a sample. */
import type { Random } from '../../../platform/random.js';
import { exponentials } from '../../../platform/softmax.js';

/** Returns the token with the highest score, the first of ties. */
export function argmax(scores: Float32Array): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if ((scores[i] as number) > (scores[best] as number)) best = i;
  return best;
}

/** Samples a token from the softmax of the scores. */
export function draw(scores: Float32Array, random: Random): number {
  const { values, total } = exponentials(scores);
  let left = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === 0) continue;
    left -= value;
    last = i;
    if (left < 0) break;
  }
  return last; // where rounding leaves a rest, the last token that is possible
}
