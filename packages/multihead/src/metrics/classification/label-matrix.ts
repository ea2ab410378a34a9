/** @file Which labels apply to which examples, and the scores of each: two tables of one shape. */
import { UserError } from '../../platform/errors.js';

/**
 * Refuses tables that are not of one shape, and empty ones.
 *
 * @param metric  the function's name, for the error
 * @param applies for each example, whether each label applies: [examples, labels]
 * @param scores  for each example, each label's score: [examples, labels]
 * @throws UserError that names the row
 */
export function checkLabelMatrix(
  metric: string,
  applies: readonly (readonly boolean[])[],
  scores: readonly (readonly number[])[],
): void {
  if (applies.length !== scores.length) {
    throw new UserError(
      `${metric}: ${applies.length} examples, but ${scores.length} rows of scores; one each is needed`,
    );
  }
  const labels = applies[0]?.length ?? 0;
  if (labels === 0) throw new UserError(`${metric}: no examples or no labels, so nothing to measure`);
  for (const [name, rows] of Object.entries({ applies, scores })) {
    const at = rows.findIndex(({ length }) => length !== labels);
    if (at < 0) continue;
    throw new UserError(`${metric}: ${name}[${at}] has ${rows[at]?.length} entries, but there are ${labels} labels`);
  }
}

/** What all rows have at one place. */
export const column = <Value>(rows: readonly (readonly Value[])[], k: number): Value[] =>
  rows.map((row) => row[k] as Value);
