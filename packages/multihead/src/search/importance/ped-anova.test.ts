/** @file Importances against Optuna 5's PED-ANOVA (bench/peers/search_fixtures.py). */
import { expect, test } from 'vitest';
import { type RecordedTrial, searchFixture, trialOf } from '../../testing/search-fixtures.js';
import type { Distribution } from '../space/distribution.js';
import type { Direction } from '../trial-record.js';
import { paramImportances } from './ped-anova.js';

interface Case {
  readonly directions: readonly Direction[];
  readonly trials: readonly RecordedTrial[];
  readonly distributions: Readonly<Record<string, Distribution>>;
  readonly importance: Readonly<Record<string, number>>;
}

const cases = searchFixture<readonly Case[]>('importance.json').map((one) => [one.trials.length, one] as const);

test.each(cases)('of %d trials', (_, { directions, trials, distributions, importance }) => {
  const found =
    paramImportances(
      trials.map((trial) => trialOf(trial, distributions)),
      directions,
    ) ?? {};
  expect(Object.keys(found).sort()).toEqual(Object.keys(importance).sort());
  for (const [name, value] of Object.entries(importance)) expect(found[name]).toBeCloseTo(value, 9);
  expect(Object.values(found)).toEqual(Object.values(found).toSorted((a, b) => b - a));
});

test('of a single trial nothing is known', () => {
  const [, one] = cases[0] as (typeof cases)[number];
  expect(paramImportances([trialOf(one.trials[0] as RecordedTrial, one.distributions)], ['minimize'])).toBeUndefined();
});
