/** @file A trial as a row of the table. */
import type { TrialRecord, TrialState } from '../../../trial-record.js';
import type { TrialChange } from '../../storage.js';
import type { Row } from './database.js';

type Values = Readonly<Record<string, unknown>>;

/** The record of a row. */
export function recordOf(row: Row): TrialRecord {
  const reported = Object.entries(row.reported as Readonly<Record<string, number | string>>);
  return {
    id: row.number as number,
    number: row.number as number,
    state: row.state as TrialState,
    params: row.params as TrialRecord['params'],
    distributions: row.distributions as TrialRecord['distributions'],
    values: (row.results as number[] | null)?.map(Number),
    intermediateValues: new Map(
      reported.map(([step, value]) => [Number(step), Number(value)] as const).sort(([a], [b]) => a - b),
    ),
    userAttributes: row.user_attributes as Values,
    systemAttributes: row.system_attributes as Values,
    start: (row.started as Date | null) ?? undefined,
    end: (row.ended as Date | null) ?? undefined,
    owner: (row.owner as string | null) ?? undefined,
  };
}

/** What changes come to, column by column; each object is added to what the column holds. */
export function columnsOf(changes: readonly TrialChange[]) {
  const params: Record<string, unknown> = {};
  const distributions: Record<string, unknown> = {};
  const reported: Record<string, unknown> = {};
  const attributes = { user: {} as Record<string, unknown>, system: {} as Record<string, unknown> };
  let state: TrialState | undefined;
  let results: readonly number[] | undefined;
  for (const change of changes) {
    if (change.type === 'param') {
      params[change.name] = change.value;
      distributions[change.name] = change.distribution;
    } else if (change.type === 'report') {
      // JSON has no NaN.
      reported[change.step] = Number.isFinite(change.value) ? change.value : String(change.value);
    } else if (change.type === 'attribute') attributes[change.of][change.name] = change.value;
    else [state, results] = [change.state, change.values];
  }
  return { params, distributions, reported, ...attributes, state, results };
}
