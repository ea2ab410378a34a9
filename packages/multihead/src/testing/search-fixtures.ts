/** @file Fixtures of the search room, which bench/peers/search_fixtures.py writes. Not part of the package. */
import { readFileSync } from 'node:fs';
import type { Distribution, ParamValue } from '../search/space/distribution.js';
import type { TrialRecord, TrialState } from '../search/trial-record.js';

/** A fixture's JSON. */
export const searchFixture = <Content>(name: string): Content =>
  JSON.parse(readFileSync(new URL(`../../fixtures/search/${name}`, import.meta.url), 'utf8')) as Content;

/** A trial of a fixture; NaN is written as null. */
export interface RecordedTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly values: readonly number[] | null;
  readonly reported: readonly (readonly [number, number | null])[];
  readonly system: Readonly<Record<string, unknown>>;
}

/** A trial as storages hold it. */
export function trialOf(recorded: RecordedTrial, distributions: Readonly<Record<string, Distribution>>): TrialRecord {
  const { number, state, params, values, reported, system } = recorded;
  return {
    id: number,
    number,
    state,
    params,
    values: values ?? undefined,
    systemAttributes: system,
    userAttributes: {},
    distributions: Object.fromEntries(Object.keys(params).map((name) => [name, distributions[name] as Distribution])),
    intermediateValues: new Map(reported.map(([step, value]) => [step, value ?? Number.NaN])),
    start: undefined,
    end: undefined,
    owner: undefined,
  };
}
