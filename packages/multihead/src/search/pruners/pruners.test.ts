/** @file Each decision of the pruners against Optuna 5's, report by report (bench/peers/search_fixtures.py). */
import { describe, expect, test } from 'vitest';
import { searchFixture } from '../../testing/search-fixtures.js';
import { openStudy, search } from '../search.js';
import { type Trial, TrialPruned } from '../trial.js';
import type { Direction } from '../trial-record.js';

interface Case {
  readonly pruner: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly direction: Direction;
  /** For each trial its reports (NaN as null), and whether it was to be pruned then. */
  readonly trials: readonly (readonly (readonly [number | null, boolean])[])[];
}

const cases = searchFixture<readonly Case[]>('pruners.json').map((one) => [one.pruner, one.direction, one] as const);

test.each(cases)('%s, to %s: decides as in Optuna', async (pruner, direction, { options, trials }) => {
  const hasRungs = ['asha', 'hyperband'].includes(pruner);
  const prunerOptions = { ...options, ...(hasRungs && { compare: 'last' }) }; // as Optuna does
  const study = await openStudy({ name: 'pruning', pruner, prunerOptions, direction });
  const decided: (readonly (readonly [number | null, boolean])[])[] = [];
  await study.optimize(
    async (trial) => {
      const own: (readonly [number | null, boolean])[] = [];
      decided.push(own);
      const recorded = trials[trial.number] as Case['trials'][number];
      for (const [i, [value]] of recorded.entries()) {
        trial.report(value ?? Number.NaN, i + 1);
        const isPruned = await trial.shouldPrune();
        own.push([value, isPruned]);
        if (isPruned) throw new TrialPruned();
      }
      return 1;
    },
    { trials: trials.length },
  );
  expect(decided).toEqual(trials);
  expect(trials.flat().filter(([, isPruned]) => isPruned).length).toBeGreaterThan(3);
});

describe('pruning', () => {
  test('is not for several objectives', async () => {
    const objective = (trial: { report(value: number, step: number): void }) => {
      trial.report(1, 1);
      return [1, 2];
    };
    await expect(search({ objective, trials: 1, direction: ['minimize', 'minimize'] })).rejects.toThrow(
      'a study with several objectives has no intermediate values',
    );
    await expect(
      search({ objective, trials: 1, direction: ['minimize', 'minimize'], pruner: 'median' }),
    ).rejects.toThrow('pruner median: trials with several objectives report no intermediate values to prune by.');
  });

  test.each([
    ['best', 'maximize', [false, true]],
    ['last', 'maximize', [true, true]],
    ['best', 'minimize', [false, true]],
    ['last', 'minimize', [true, true]],
  ] as const)('by asha compares the %s value, to %s', async (compare, direction, expected) => {
    const sign = direction === 'maximize' ? 1 : -1;
    /** The second trial was the best once; the third never. Both are behind the first when the rung is reached. */
    const reports = [
      [0.6, 0.7],
      [0.8, 0.5],
      [0.3, Number.NaN],
    ];
    const pruned: boolean[] = [];
    await search({
      direction,
      trials: 3,
      pruner: 'asha',
      prunerOptions: { minResource: 2, compare },
      objective: async (trial) => {
        for (const [i, value] of (reports[trial.number] as number[]).entries()) {
          trial.report(sign * value, i + 1);
          if (await trial.shouldPrune()) {
            pruned.push(true);
            throw new TrialPruned();
          }
        }
        pruned.push(false);
        return 1;
      },
    });
    expect(pruned.slice(1)).toEqual(expected);
  });

  test('by hyperband begins with the first rung, however short the first trials are', async () => {
    const steps: number[] = [];
    const objective = async (trial: Trial) => {
      const length = trial.number === 0 ? 1 : 9;
      for (let step = 1; step <= length; step++) {
        trial.report(trial.number, step);
        if (await trial.shouldPrune()) {
          steps.push(step);
          throw new TrialPruned();
        }
      }
      return trial.number;
    };
    await search({ objective, trials: 40, pruner: 'hyperband', prunerOptions: { minResource: 3 } });
    expect(steps.length).toBeGreaterThan(0);
    expect(Math.min(...steps)).toBe(3);
    const prunerOptions = { minResource: 9, maxResource: 3 };
    await expect(search({ objective, trials: 1, pruner: 'hyperband', prunerOptions })).rejects.toThrow(
      'prunerOptions.maxResource is 3, below minResource, 9',
    );
  });

  test.each([
    [0.5, 'step is 0.5; a whole number from 0 was expected'],
    [-1, 'step is -1'],
  ])('a report at step %d is refused', async (step, message) => {
    const objective = (trial: { report(value: number, step: number): void }) => {
      trial.report(1, step);
      return 1;
    };
    await expect(search({ objective, trials: 1 })).rejects.toThrow(message);
  });
});
