/** @file NSGA-II: survivors and children are those of Optuna (bench/peers/search_fixtures.py); a search finds a front. */
import { describe, expect, test } from 'vitest';
import { type RecordedTrial, searchFixture, trialOf } from '../../../testing/search-fixtures.js';
import { losses } from '../../best.js';
import { hypervolume } from '../../hypervolume.js';
import { search } from '../../search.js';
import { commonSpace } from '../../space/common-space.js';
import { type Distribution, toInternal } from '../../space/distribution.js';
import type { Direction } from '../../trial-record.js';
import { childOf } from './child.js';
import { crowdingDistances, survivors } from './selection.js';

interface Case {
  readonly directions: readonly Direction[];
  readonly trials: readonly RecordedTrial[];
  readonly distributions: Readonly<Record<string, Distribution>>;
  readonly survivors: Readonly<Record<string, readonly number[]>>;
  readonly children: readonly {
    readonly chances: readonly [crossover: number, swapping: number, mutation: number | null];
    readonly numbers: readonly number[];
    readonly child: Readonly<Record<string, number>>;
  }[];
}

describe.each(searchFixture<readonly Case[]>('nsga-ii.json').map((each) => [each.trials.length, each] as const))(
  'of %d trials',
  (_, { directions, trials: recorded, distributions, survivors: expected, children }) => {
    const trials = recorded.map((trial) => trialOf(trial, distributions));
    const space = commonSpace(trials);
    const population = trials.map(({ number, values, params }) => ({
      number,
      losses: losses(values ?? [], directions),
      values: Object.fromEntries([...space].map(([name, of]) => [name, toInternal(of, params[name] as never)])),
    }));

    test.each(Object.entries(expected))('%s survive', (size, numbers) => {
      expect(survivors(population, Number(size)).map(({ number }) => number)).toEqual(numbers);
    });

    test('children have the values of their parents', () => {
      const names = [...space.keys()];
      const choices = names.filter((name) => space.get(name)?.type === 'categorical');
      const numbers = names.filter((name) => !choices.includes(name));
      for (const { chances, numbers: told, child } of children) {
        const [crossover, swapping, mutation] = chances;
        const left = [...told];
        const uniform = () => left.shift() as number;
        const random = { uniform, below: (limit: number) => Math.floor(uniform() * limit) };
        const parents = population.slice(0, 12);
        const of = { crossover, swapping, mutation: mutation ?? undefined };
        const made = childOf(parents, { choices, numbers }, of, random);
        expect(Object.keys(made).sort()).toEqual(Object.keys(child).sort());
        for (const [name, value] of Object.entries(child)) expect(made[name]).toBeCloseTo(value, 12);
      }
    });
  },
);

test('infinite losses, and equal ones, have distances', () => {
  const front = [{ losses: [0, Number.POSITIVE_INFINITY] }, { losses: [1, 5] }, { losses: [2, 5] }, { losses: [3, 1] }];
  expect([...crowdingDistances(front).values()]).toEqual([
    Number.POSITIVE_INFINITY,
    2 / 3 + 1,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test('finds more of a front than random search does', async () => {
  const volume = async (sampler: string) => {
    const { trials } = await search({
      direction: ['minimize', 'maximize'],
      sampler,
      samplerOptions: sampler === 'random' ? {} : { populationSize: 20 },
      trials: 200,
      seed: 5,
      objective(trial) {
        const x = Array.from({ length: 6 }, (_, i) => trial.suggestFloat(`x${i}`, 0, 1));
        const far = 1 + x.slice(1).reduce((a, b) => a + b, 0);
        return [x[0] as number, -far * (1 - Math.sqrt((x[0] as number) / far))];
      },
    });
    return hypervolume(
      trials.map(({ values: [a = 0, b = 0] = [] }) => [a, -b]),
      [1.1, 6],
    );
  };
  const [found, random] = [await volume('nsga-ii'), await volume('random')];
  expect(found).toBeGreaterThan(random + 0.2);
});
