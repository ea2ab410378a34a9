/** @file The k vectors of a corpus with the greatest products with each query. */
import type { TensorValue } from '../engine/engine.js';
import { reduceProducts } from './block-products.js';
import { notFinite, type ScoreFunctionName } from './score-functions.js';
import type { VectorSource } from './vectors.js';

/** The best rows of a corpus for each query: [queries, k], best first, of equal scores the first row first. */
export interface Nearest {
  readonly ids: Int32Array;
  readonly scores: Float32Array;
  /** As many as asked for, or as there are. */
  readonly k: number;
}

/**
 * Finds the k rows of a corpus with the greatest products with each query; the scores are the products.
 *
 * @throws UserError where vectors differ in size, and for NaN or infinity
 */
export async function bestProducts(
  queries: VectorSource,
  corpus: VectorSource,
  { k: wanted, scoreFunction }: { readonly k: number; readonly scoreFunction: ScoreFunctionName },
): Promise<Nearest> {
  const k = Math.min(wanted, corpus.shape[0]);
  const best = new BestOfBlocks(queries.shape[0], k);
  await reduceProducts(queries, corpus, {
    scoreFunction,
    name: `best ${k}`,
    outputs(products, rows) {
      const { values, indices } = products.topK(Math.min(k, rows));
      return { scores: values, ids: indices.cast('int32') };
    },
    take: ({ scores, ids }, query, row) => best.add(query, row, scores as TensorValue, ids as TensorValue),
  });
  if (!best.scores.every(Number.isFinite)) throw notFinite();
  return best;
}

/** The best of the blocks so far; a block's rows come after those of the blocks before it. */
class BestOfBlocks implements Nearest {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  private readonly filled: Int32Array;

  constructor(
    count: number,
    readonly k: number,
  ) {
    this.ids = new Int32Array(count * k);
    this.scores = new Float32Array(count * k);
    this.filled = new Int32Array(count);
  }

  /** Merges the best of a block for the queries from `from` on: both lists are sorted, and the older wins a tie. */
  add(from: number, start: number, { data: scores, shape }: TensorValue, { data: ids }: TensorValue): void {
    const { k } = this;
    const [queries, kept] = shape as readonly [number, number];
    const oldIds = new Int32Array(k);
    const oldScores = new Float32Array(k);
    for (let row = 0; row < queries; row++) {
      const at = (from + row) * k;
      const held = this.filled[from + row] as number;
      const [other, otherEnd] = [row * kept, (row + 1) * kept];
      if (held === k && (scores[other] as number) <= (this.scores[at + k - 1] as number)) continue;
      oldIds.set(this.ids.subarray(at, at + held));
      oldScores.set(this.scores.subarray(at, at + held));
      const total = Math.min(k, held + kept);
      for (let to = 0, old = 0, next = other; to < total; to++) {
        const takesOld = next === otherEnd || (old < held && (oldScores[old] as number) >= (scores[next] as number));
        this.ids[at + to] = takesOld ? (oldIds[old] as number) : start + (ids[next] as number);
        this.scores[at + to] = takesOld ? (oldScores[old++] as number) : (scores[next++] as number);
      }
      this.filled[from + row] = total;
    }
  }
}
