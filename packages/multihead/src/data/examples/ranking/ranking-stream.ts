/** @file Reads queries with documents in constant memory. */
import { UserError } from '../../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { ExampleStream } from '../../streams/example-stream.js';
import { openSimilarityStream, type SimilarityStreamOptions } from '../similarity/similarity.js';
import { type SimilarityExample, similarityFileOptionNames } from '../similarity/similarity-examples.js';
import { checkRankingForm, type RankingExample, rankingExamples, sameLabels, withPositiveFirst } from './ranking.js';

/** A stream of queries with documents from files. */
export interface RankingStream extends ExampleStream<RankingExample> {
  /** The held-out queries with all their documents, if requested. */
  readonly evaluation?: readonly RankingExample[];
}

/** Options of `openRankingStream`. */
export interface RankingStreamOptions extends SimilarityStreamOptions {
  /**
   * Whether the documents of a query may come one by one, as losses of single documents take them. Default: false, where only
   * rows of a query, a positive and negatives are examples.
   */
  readonly singleDocuments?: boolean | undefined;
}

const optionNames = [
  ...similarityFileOptionNames,
  ...namesOf<Pick<RankingStreamOptions, 'heldOut' | 'singleDocuments'>>({ heldOut: true, singleDocuments: true }),
];

/**
 * Opens files of queries with documents, in constant memory. What is read, and how, is as in `readRankingExamples`, but for the
 * documents of one query in several rows, which may stand anywhere: each row is an example of its own, or is refused.
 *
 * @throws UserError as readRankingExamples does; for rows of query, document and label without `singleDocuments`, and for labels
 *   that are all the same
 * @example
 * const stream = await openRankingStream('pairs-*.parquet', { singleDocuments: true });
 * for await (const examples of stream.examples()) console.log(examples.length);
 */
export async function openRankingStream(
  sources: string | readonly string[],
  given: RankingStreamOptions = {},
): Promise<RankingStream> {
  checkOptionNames(given, optionNames, 'openRankingStream');
  const { singleDocuments = false, ...options } = given;
  const rows = await openSimilarityStream(sources, options);
  const { form, evaluation } = rows;
  checkRankingForm(form, sources);
  if (form.labels !== 'none' && !singleDocuments) {
    throw new UserError(
      `${[sources].flat().join(', ')}: the documents of a query may stand in rows anywhere, and a stream holds few at a time. ` +
        'Give rows of a query, a positive and negatives, or a loss of single documents, or leave `streaming` out',
    );
  }
  if (form.range && form.range[0] === form.range[1]) throw sameLabels(form.range[0], sources);
  return {
    length: rows.length,
    fingerprint: rows.fingerprint,
    ...(evaluation && { evaluation: rankingExamples(evaluation, form) }),
    sizeOf: ({ query, documents }) => documents.reduce((sum, { length }) => sum + length, query.length),
    async *examples() {
      for await (const group of rows.examples()) yield group.map(rankingExample);
    },
  };
}

/** A row by itself as an example. */
function rankingExample(row: SimilarityExample): RankingExample {
  const example = withPositiveFirst(row);
  return row.label === undefined ? example : { ...example, labels: [Number(row.label)] };
}
