/** @file Reads queries with documents: rows of query, document and label; or of a query, a positive and negatives. */
import { UserError } from '../../../platform/errors.js';
import { checkOptionNames } from '../../../platform/option-names.js';
import { readSimilarityExamples } from '../similarity/similarity.js';
import {
  type SimilarityExample,
  type SimilarityFileOptions,
  similarityFileOptionNames,
} from '../similarity/similarity-examples.js';
import { type SimilarityForm, similarityForm } from '../similarity/similarity-form.js';

/** A query and its documents. */
export interface RankingExample {
  readonly query: string;
  readonly documents: readonly string[];
  /** How relevant each document is: 0 for not at all. Undefined where that is not known. */
  readonly labels?: readonly number[];
  /** The line of the file on which the query first stands; of Parquet and JSON the row's number. Counted from 1. */
  readonly line?: number;
}

/**
 * Reads queries with their documents.
 *
 * - Rows of query, document and label: rows of equal queries, wherever they stand, are one example. Labels are numbers: 1 for
 *   relevant and 0 for not, or grades.
 * - Rows of a query, a positive and one or more negatives: labels 1, 0, 0, ...
 *
 * Formats and names of columns are those of `readSimilarityExamples`: query, document, label; query, positive, negative_1,
 * negative_2; `texts` names others.
 *
 * @returns at least one example, in the order in which the queries first stand
 * @throws UserError as readSimilarityExamples does; for labels that are names or below 0, and for queries with one document
 *   and no label, which there is nothing to rank against
 * @example
 * const examples = await readRankingExamples('pairs.csv');
 * examples[0]   // { query: 'Where is my parcel?', documents: ['It is on its way.', 'At nine.'], labels: [1, 0], line: 2 }
 */
export async function readRankingExamples(
  sources: string | readonly string[],
  options: SimilarityFileOptions = {},
): Promise<RankingExample[]> {
  checkOptionNames(options, similarityFileOptionNames, 'readRankingExamples');
  const rows = await readSimilarityExamples(sources, options);
  const form = similarityForm(rows);
  checkRankingForm(form, sources);
  return rankingExamples(rows, form);
}

/**
 * Checks that rows are queries with documents that can be ranked.
 *
 * @throws UserError as readRankingExamples does
 */
export function checkRankingForm({ labels, texts, range }: SimilarityForm, sources: string | readonly string[]): void {
  const where = [sources].flat().join(', ');
  if (labels === 'classes') {
    throw new UserError(`${where}: the labels are names; a ranking needs numbers, 0 for what is not relevant`);
  }
  if (labels === 'none' && texts === 2) {
    throw new UserError(
      `${where}: each query has one document and no label, so that there is nothing to rank it against. Give a column ` +
        'of labels, or of negatives (negative, negative_1, ...); mineHardNegatives finds some.',
    );
  }
  if (labels === 'none') return;
  if (texts > 2) throw new UserError(`${where}: labels go with one document a row, and the rows have ${texts - 1}`);
  if (range && range[0] < 0) throw new UserError(`${where}: the least label is ${range[0]}; expected numbers from 0`);
}

/** The error of training labels that are all the same. */
export const sameLabels = (label: number, sources: string | readonly string[]): UserError =>
  new UserError(
    `${[sources].flat().join(', ')}: every label is ${label}: a ranking is learned from documents that are relevant and others that are not`,
  );

/** Rows as queries with all their documents. */
export const rankingExamples = (rows: readonly SimilarityExample[], { labels }: SimilarityForm): RankingExample[] =>
  labels === 'none' ? rows.map(withPositiveFirst) : groupByQuery(rows);

/** Reads queries and documents without their labels, for prediction. */
export async function readUnranked(
  sources: string | readonly string[],
  options: SimilarityFileOptions = {},
): Promise<RankingExample[]> {
  const rows = await readSimilarityExamples(sources, options);
  const { texts } = similarityForm(rows);
  const examples = texts > 2 ? rows.map(withPositiveFirst) : groupByQuery(rows);
  return examples.map(({ labels: _, ...example }) => example);
}

/** A row of a query, a positive and negatives. */
export function withPositiveFirst({ texts: [query, ...documents], line }: SimilarityExample): RankingExample {
  const labels = documents.map((_, i) => (i === 0 ? 1 : 0));
  return { query: query as string, documents, labels, ...(line !== undefined && { line }) };
}

function groupByQuery(rows: readonly SimilarityExample[]): RankingExample[] {
  const groups = new Map<string, SimilarityExample[]>();
  for (const row of rows) {
    const [query = ''] = row.texts;
    const group = groups.get(query);
    if (group) group.push(row);
    else groups.set(query, [row]);
  }
  return Array.from(groups, ([query, group]) => {
    const line = group[0]?.line;
    return {
      query,
      documents: group.map(({ texts }) => texts[1] as string),
      labels: group.map(({ label }) => Number(label ?? 0)),
      ...(line !== undefined && { line }),
    };
  });
}
