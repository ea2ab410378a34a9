/** @file Top-k sampling (Fan, Lewis and Dauphin 2018). */
import type { LogitsProcessor } from '../logits-processor.js';

/**
 * Rules out tokens that score less than the k-th best. Ties with it are kept.
 *
 * @param k from 1
 */
export const topK =
  (k: number): LogitsProcessor =>
  (scores) => {
    if (k >= scores.length) return;
    const least = kthLargest(scores, k);
    for (let i = 0; i < scores.length; i++) if ((scores[i] as number) < least) scores[i] = Number.NEGATIVE_INFINITY;
  };

/** The k-th largest score, by a heap of the k largest seen (its smallest on top): a vocabulary is not worth sorting. */
function kthLargest(scores: Float32Array, k: number): number {
  const heap = scores.slice(0, k).sort();
  for (let i = k; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score <= (heap[0] as number)) continue;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= score) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = score;
  }
  return heap[0] as number;
}
