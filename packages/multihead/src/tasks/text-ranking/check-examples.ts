/** @file Checks examples of rankings that have labels. */
import { placeOf } from '../../data/examples/place-of.js';
import type { RankingExample } from '../../data/examples/ranking/ranking.js';
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';

/** An example with a label for each document. */
export type LabelledRanking = RankingExample & Required<Pick<RankingExample, 'labels'>>;

/**
 * Checks that values are queries with documents, each with a label of 0 or more.
 *
 * @throws UserError that names the first that is not, what was found and what was expected
 */
export function checkRankings(values: readonly unknown[]): asserts values is readonly LabelledRanking[] {
  for (const [i, value] of values.entries()) checkRanking(value, i);
}

function checkRanking(value: unknown, index: number): void {
  const { query, documents, labels, line } = (value ?? {}) as { readonly [Name in keyof RankingExample]?: unknown };
  const place = placeOf({ line: line as number | undefined }, index);
  if (typeof query !== 'string' || !Array.isArray(documents)) {
    throw new UserError(
      `${place} is ${showValue(value)}; expected { query: '...', documents: ['...', '...'], labels: [1, 0] }`,
    );
  }
  if (documents.length === 0) throw new UserError(`${place} has no documents; expected one or more`);
  const odd = documents.findIndex((document) => typeof document !== 'string');
  if (odd >= 0) {
    throw new UserError(`${place}: documents[${odd}] is ${showValue(documents[odd])}; expected a string`);
  }
  checkLabels(labels, documents.length, place);
}

function checkLabels(labels: unknown, documents: number, place: string): void {
  if (!Array.isArray(labels) || labels.length !== documents) {
    const found = Array.isArray(labels) ? `labels of ${labels.length}` : 'no labels';
    throw new UserError(`${place}: ${documents} documents, but ${found}; \`labels\` has a number for each document`);
  }
  const odd = labels.findIndex((label) => !(Number.isFinite(label) && label >= 0));
  if (odd < 0) return;
  throw new UserError(
    `${place}: labels[${odd}] is ${showValue(labels[odd])}; expected a number from 0, which is not relevant`,
  );
}
