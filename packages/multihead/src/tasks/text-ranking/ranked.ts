/** @file Documents in the order of their scores. */

/** A document of a list, by its relevance to the query. */
export interface RankedDocument {
  /** Number of the document in the list, from 0. */
  readonly corpusId: number;
  /** Higher is more relevant. */
  readonly score: number;
}

/** The documents of scores, highest first; of equal scores the first comes first. */
export const ranked = (scores: readonly number[]): RankedDocument[] =>
  scores.map((score, corpusId) => ({ corpusId, score })).sort((a, b) => b.score - a.score);
