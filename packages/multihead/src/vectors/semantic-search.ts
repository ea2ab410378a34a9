/** @file Search over vectors: the nearest of a corpus to each query. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { nearest } from './nearest.js';
import { rescored } from './rescore.js';
import type { ScoreFunctionName } from './score-functions.js';
import { type AnyVectors, checkCount, sourceOf, type VectorRows, type VectorSource } from './vectors.js';

/** Options of {@link semanticSearch}. */
export interface SemanticSearchOptions {
  /** Number of hits of each query. Default: 10. */
  readonly topK?: number | undefined;
  /** How near two vectors are. Default: `cosine`. */
  readonly scoreFunction?: ScoreFunctionName | undefined;
  /**
   * The same corpus in more precision, such as float32 in a file, where the corpus is int8 or binary: hits are found in the
   * corpus, and those are scored and ordered by this.
   */
  readonly rescoreWith?: AnyVectors | VectorSource | VectorRows | undefined;
  /** How many times `topK` hits are found to be scored anew. Default: 2. */
  readonly rescoreMultiplier?: number | undefined;
}

const optionNames = namesOf<SemanticSearchOptions>({
  topK: true,
  scoreFunction: true,
  rescoreWith: true,
  rescoreMultiplier: true,
});

/** A vector of the corpus that is near to a query. */
export interface SearchHit {
  /** Row of the corpus, from 0. */
  readonly corpusId: number;
  /** Higher is nearer. */
  readonly score: number;
}

/**
 * Finds the vectors of a corpus that are nearest to each query, exactly: every pair is scored, a block at a time. Scores of q and d:
 *
 *     cosine = q . d / (|q| |d|)    dot = q . d    euclidean = -|q - d|    manhattan = -sum_i |q_i - d_i|
 *
 * Vectors of int8 and binary corpora are decoded as they are read, so that queries of float32 lose nothing to their own rounding.
 * Euclidean distances are found by float32 products, and the best of them, with a few more, scored again by their differences.
 *
 * @param queries [queries, size]; in memory, or a file of any size by `openVectors`
 * @param corpus  [count, size]; the same
 * @returns for each query its min(topK, count) hits, nearest first; of equal scores the first of the corpus comes first
 * @throws UserError where vectors differ in size, for data that does not fit its shape, for vectors with NaN or infinity, for a
 *   `topK` or `rescoreMultiplier` that is no whole number from 1, for a score function that does not exist, and for
 *   `rescoreWith` that is not of the corpus's count and size
 * @example
 * import { pipeline } from 'multihead';
 * import { semanticSearch } from 'multihead/vectors';
 * const embed = await pipeline('feature-extraction', 'all-MiniLM-L6-v2');
 * const corpus = await embed(['Parcels take two days.', 'We are open from nine to five.']);
 * const [hits] = await semanticSearch(await embed('Where is my parcel?'), corpus, { topK: 1 });
 * // hits: [{ corpusId: 0, score: 0.6 }]
 */
export async function semanticSearch(
  queries: AnyVectors | VectorSource | VectorRows,
  corpus: AnyVectors | VectorSource | VectorRows,
  options: SemanticSearchOptions = {},
): Promise<SearchHit[][]> {
  checkOptionNames(options, optionNames, 'semanticSearch');
  const { topK = 10, scoreFunction = 'cosine', rescoreWith, rescoreMultiplier = 2 } = options;
  checkCount('topK', topK);
  checkCount('rescoreMultiplier', rescoreMultiplier);
  const [from, to] = [sourceOf(queries, 'queries'), sourceOf(corpus, 'corpus')];
  if (rescoreWith === undefined) return hitsOf(await nearest(from, to, { k: topK, scoreFunction }), from.shape[0]);
  const found = await nearest(from, to, { k: topK * rescoreMultiplier, scoreFunction });
  const source = sourceOf(rescoreWith, 'rescoreWith');
  const [[rows, size], expected] = [source.shape, to.shape];
  if (rows !== expected[0] || size !== expected[1]) {
    throw new UserError(
      `rescoreWith: ${rows} vectors of ${size} elements; expected the corpus's own, ${expected[0]} of ${expected[1]} elements`,
    );
  }
  return hitsOf(await rescored(found, from, source, { k: topK, scoreFunction }), from.shape[0]);
}

function hitsOf(
  { ids, scores, k }: { readonly ids: Int32Array; readonly scores: Float32Array; readonly k: number },
  count: number,
): SearchHit[][] {
  return Array.from({ length: count }, (_, query) =>
    Array.from({ length: k }, (_, rank): SearchHit => {
      const at = query * k + rank;
      return { corpusId: ids[at] as number, score: scores[at] as number };
    }),
  );
}
