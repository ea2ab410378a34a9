/** @file How similar two vectors are, by each of the four measures of sentence-transformers. */
import { type SimilarityName, similarityNames } from '../../platform/similarity-names.js';
import { checkLengths } from '../statistics/check-lengths.js';

export { type SimilarityName, similarityNames };

/** The similarity of two vectors by each measure. */
export type VectorSimilarity = Readonly<Record<SimilarityName, number>>;

/**
 * Compares two vectors.
 *
 *     cosine = a . b / (|a| |b|)    dot = a . b    euclidean = -|a - b|    manhattan = -sum_i |a_i - b_i|
 *
 * @throws UserError for vectors of different lengths
 * @example
 * vectorSimilarity([3, 4], [4, 3]) // { cosine: 0.96, dot: 24, euclidean: -1.414..., manhattan: -2 }
 */
export function vectorSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): VectorSimilarity {
  checkLengths('vectorSimilarity', a as readonly number[], b as readonly number[]);
  let dot = 0;
  let [squaresOfA, squaresOfB] = [0, 0];
  let [squares, manhattan] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
    squares += (x - y) * (x - y);
    manhattan += Math.abs(x - y);
  }
  // As PyTorch's normalize: a vector of zeros is like no other, and nothing is divided by zero.
  const cosine = dot / (Math.max(Math.sqrt(squaresOfA), 1e-12) * Math.max(Math.sqrt(squaresOfB), 1e-12));
  return { cosine, dot, euclidean: -Math.sqrt(squares), manhattan: -manhattan };
}
