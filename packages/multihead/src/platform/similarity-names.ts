/** @file The names of the measures of similarity of two vectors, as sentence-transformers names them in its files. */

/** The measures, the usual one first. Of all, greater means more similar: distances are negative. */
export const similarityNames = ['cosine', 'dot', 'euclidean', 'manhattan'] as const;

/** The name of a measure of similarity. */
export type SimilarityName = (typeof similarityNames)[number];
