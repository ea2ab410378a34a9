/** @file The ways in which the vectors of a text's tokens become one, by their names in sentence-transformers' files. */

/** How a text's tokens become one vector, of those that sentence-transformers' files may name. */
export type SentencePooling = 'mean' | 'cls' | 'max' | 'lasttoken';

/** The ways of pooling that the files may name, by their names there. */
export const sentencePoolings = ['mean', 'cls', 'max', 'lasttoken'] as const satisfies readonly SentencePooling[];
