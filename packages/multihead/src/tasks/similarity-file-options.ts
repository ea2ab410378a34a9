/** @file The reading of files of texts to compare: pairs, triplets, and queries with documents. */
import type {
  SimilarityColumnOptions,
  SimilarityFileOptions,
} from '../data/examples/similarity/similarity-examples.js';
import type { Reading } from './define-task.js';

/** The options of readers of examples of similarity, from those of a task with the options `texts` and `label`. */
export function similarityFileOptions({ options, ...reading }: Reading): SimilarityFileOptions {
  const { texts, label } = options as SimilarityColumnOptions;
  return { ...reading, columns: { texts, label } };
}
