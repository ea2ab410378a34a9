/** @file What the task makes of an example: the vectors of its texts, and how similar they are. */
import type { SimilarityName, VectorSimilarity } from '../../metrics/similarity/vector-similarity.js';

/** How similar an example's first text is to each of the others. */
export interface SimilarityPrediction {
  /** The similarities with the second text, the third, ... */
  readonly similarities: readonly VectorSimilarity[];
  /** The one of them that the model is used with. */
  readonly similarity: SimilarityName;
  /** The vectors, where metrics need them: of pairs without labels. */
  readonly vectors?: readonly Float32Array[];
  /** The most likely class of a pair whose label is one, by the classifier of the loss, which is there while it is trained. */
  readonly className?: string;
}

/** What the model makes of an example's texts. */
export interface DecodedTexts {
  readonly vectors: readonly Float32Array[];
  /** Scores of the classes of a pair, where the loss has a classifier. */
  readonly classScores?: Float32Array;
}
