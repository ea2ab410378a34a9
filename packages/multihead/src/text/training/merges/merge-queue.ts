/** @file The pairs of tokens that wait to be merged, the most frequent first: a binary heap. */

/** Two tokens beside each other in words. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  /** How often the pair stands in all words; kept up to date. */
  count: number;
}

/** A pair as it was when it entered the queue. */
export interface QueuedPair {
  readonly pair: Pair;
  /** The pair's count when it entered; the pair's own may be lower by now. */
  readonly count: number;
  /** The words in which the pair was met since it last entered. */
  readonly words: readonly number[];
}

/** Of equal counts the pair with the lower token numbers comes first: nothing is left to chance. */
function before(a: QueuedPair, b: QueuedPair): boolean {
  if (a.count !== b.count) return a.count > b.count;
  if (a.pair.left !== b.pair.left) return a.pair.left < b.pair.left;
  return a.pair.right < b.pair.right;
}

/** A priority queue of pairs. */
export class MergeQueue {
  private readonly heap: QueuedPair[] = [];

  push(entry: QueuedPair): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt] as QueuedPair;
      if (!before(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  /** The entry that comes first; undefined when there is none. */
  pop(): QueuedPair | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = heap[child + 1];
      if (right && before(right, heap[child] as QueuedPair)) child++;
      if (!before(heap[child] as QueuedPair, last)) break;
      heap[at] = heap[child] as QueuedPair;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
