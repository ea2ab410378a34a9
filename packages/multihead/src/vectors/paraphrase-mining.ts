/** @file The nearest pairs among vectors, as `paraphrase_mining_embeddings` of sentence-transformers finds them. */
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { nearest } from './nearest.js';
import type { ScoreFunctionName } from './score-functions.js';
import { type AnyVectors, checkCount, sourceOf, type VectorRows, type VectorSource } from './vectors.js';

/** Options of {@link paraphraseMining}. */
export interface ParaphraseMiningOptions {
  /** Number of others that each vector is paired with. Default: 100. */
  readonly topK?: number | undefined;
  /** Number of pairs that are returned. Default: 500,000. */
  readonly maxPairs?: number | undefined;
  /** How near two vectors are. Default: `cosine`. */
  readonly scoreFunction?: ScoreFunctionName | undefined;
}

const optionNames = namesOf<ParaphraseMiningOptions>({ topK: true, maxPairs: true, scoreFunction: true });

/** Two vectors that are near to each other. */
export interface ParaphrasePair {
  /** Rows of both; the first is the lower one. */
  readonly rows: readonly [number, number];
  readonly score: number;
}

/**
 * Finds the pairs of vectors that are nearest to each other: of each vector its `topK` nearest, of all those the best. Scores are
 * those of `semanticSearch`.
 *
 * @param vectors [count, size]; in memory, or a file of any size by `openVectors`
 * @returns at most `maxPairs` pairs, nearest first, each once
 * @throws UserError for data that does not fit its shape, for vectors with NaN or infinity, for a `topK` or `maxPairs` that is no
 *   whole number from 1, and for a score function that does not exist
 * @example
 * import { paraphraseMining } from 'multihead/vectors';
 * const vectors = { dtype: 'float32', data: Float32Array.of(1, 0, 0, 1, 0.6, 0.8), shape: [3, 2] } as const;
 * await paraphraseMining(vectors, { maxPairs: 1 }); // [{ rows: [1, 2], score: 0.8 }]
 */
export async function paraphraseMining(
  vectors: AnyVectors | VectorSource | VectorRows,
  options: ParaphraseMiningOptions = {},
): Promise<ParaphrasePair[]> {
  checkOptionNames(options, optionNames, 'paraphraseMining');
  const { topK = 100, maxPairs = 500_000, scoreFunction = 'cosine' } = options;
  checkCount('topK', topK);
  checkCount('maxPairs', maxPairs);
  const source = sourceOf(vectors);
  const [count] = source.shape;
  // One more: a vector is the nearest to itself.
  const { ids, scores, k } = await nearest(source, source, { k: topK + 1, scoreFunction });
  const neighbours = Array.from({ length: count }, (_, row) => {
    const places = Array.from({ length: k }, (_, rank) => row * k + rank);
    return places.filter((at) => ids[at] !== row).slice(0, topK);
  });
  let pairs: ParaphrasePair[] = [];
  for (const [row, places] of neighbours.entries()) {
    for (const at of places) {
      const other = ids[at] as number;
      const isKnown = other < row && neighbours[other]?.some((place) => ids[place] === row);
      if (!isKnown) pairs.push({ rows: row < other ? [row, other] : [other, row], score: scores[at] as number });
    }
    if (pairs.length > 2 * maxPairs) pairs = best(pairs, maxPairs);
  }
  return best(pairs, maxPairs);
}

const best = (pairs: ParaphrasePair[], count: number): ParaphrasePair[] =>
  pairs.sort((a, b) => b.score - a.score).slice(0, count);
