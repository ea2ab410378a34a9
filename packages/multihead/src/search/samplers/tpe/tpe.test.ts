/** @file TPE's split, kernels and densities against Optuna 5 (bench/peers/search_fixtures.py), and what it finds. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../platform/random.js';
import { type RecordedTrial, searchFixture, trialOf } from '../../../testing/search-fixtures.js';
import { hypervolume } from '../../hypervolume.js';
import { search } from '../../search.js';
import { commonSpace, groupedSpaces } from '../../space/common-space.js';
import { type Distribution, type NumericDistribution, toInternal } from '../../space/distribution.js';
import type { Trial } from '../../trial.js';
import type { Direction } from '../../trial-record.js';
import { type Kernels, kernelsOf, ParzenEstimator, weightsOf } from './parzen-estimator.js';
import { bestCount, splitTrials } from './split-trials.js';
import { bestCandidate, observations } from './tpe.js';

interface Case {
  readonly directions: readonly Direction[];
  readonly trials: readonly RecordedTrial[];
  readonly distributions: Readonly<Record<string, Distribution>>;
  readonly below: readonly number[];
  readonly above: readonly number[];
  readonly space: Readonly<Record<string, Distribution>>;
  readonly kernels: Readonly<Record<string, Kernels>>;
  readonly weights: readonly number[];
  /** Internal values. */
  readonly points: readonly Readonly<Record<string, number>>[];
  readonly good: readonly number[];
  readonly bad: readonly number[];
}

const cases = searchFixture<readonly Case[]>('tpe.json').map((each) => [each.directions.join(), each] as const);

describe.each(cases)('as in Optuna: %s', (_, one) => {
  const trials = one.trials.map((trial) => trialOf(trial, one.distributions));
  const finished = trials.filter(({ state }) => state !== 'running');
  const count = bestCount(finished.length, one.directions.length);
  const { below, above } = splitTrials(trials, one.directions, count);
  const space = new Map(Object.entries(one.space));

  test('the split', () => {
    expect(below.map(({ number }) => number)).toEqual(one.below);
    expect(above.map(({ number }) => number)).toEqual(one.above);
  });

  test('the space that all trials have', () => {
    expect([...commonSpace(finished).keys()]).toEqual(Object.keys(one.space));
  });

  test('centres and widths of the kernels', () => {
    const observed = observations(above, space);
    expect(Object.keys(one.kernels)).toHaveLength(5);
    for (const [name, expected] of Object.entries(one.kernels)) {
      const { mus, sigmas } = kernelsOf(observed.get(name) ?? [], space.get(name) as NumericDistribution);
      expect(mus.map((mu, i) => mu - (expected.mus[i] as number)).every((apart) => Math.abs(apart) < 1e-12)).toBe(true);
      expect(
        sigmas.map((sigma, i) => Math.abs(sigma - (expected.sigmas[i] as number))).every((apart) => apart < 1e-12),
      ).toBe(true);
      expect([mus.length, sigmas.length]).toEqual([expected.mus.length, expected.sigmas.length]);
    }
  });

  test('weights and densities', () => {
    const observed = observations(below, space);
    const equal = one.directions.length > 1 ? Array.from(below, () => 1) : undefined;
    const good = new ParzenEstimator(observed, space, equal);
    const bad = new ParzenEstimator(observations(above, space), space);
    expect(bad.weights).toHaveLength(one.weights.length);
    for (const [i, weight] of one.weights.entries()) expect(bad.weights[i]).toBeCloseTo(weight, 14);
    for (const [i, point] of one.points.entries()) {
      const values = new Map(Object.entries(point));
      expect(good.logDensity(values)).toBeCloseTo(one.good[i] as number, 9);
      expect(bad.logDensity(values)).toBeCloseTo(one.bad[i] as number, 9);
    }
  });
});

test('the candidate is taken for which good trials are most likely, and bad ones least', () => {
  const x: Distribution = { type: 'float', low: 0, high: 1 };
  const kind: Distribution = { type: 'categorical', choices: ['a', 'b', 'c'] };
  const space = new Map<string, Distribution>([
    ['x', x],
    ['kind', kind],
  ]);
  const good = new ParzenEstimator(
    new Map([
      ['x', [0.2, 0.25]],
      ['kind', [1, 1]],
    ]),
    space,
  );
  const bad = new ParzenEstimator(
    new Map([
      ['x', [0.7, 0.8, 0.9]],
      ['kind', [0, 2, 0]],
    ]),
    space,
  );
  const chosen = Array.from({ length: 20 }, (_, i) => bestCandidate(good, bad, 24, new Random(BigInt(i))));
  for (const values of chosen) {
    expect(values.get('x')).toBeLessThan(0.5);
    expect(toInternal(kind, 'b')).toBe(values.get('kind'));
  }
});

test('draws follow the density', () => {
  const distribution: Distribution = { type: 'int', low: 1, high: 6 };
  const estimator = new ParzenEstimator(new Map([['n', [2, 2, 5]]]), new Map([['n', distribution]]));
  const random = new Random(5n);
  const draws = 20_000;
  const counts = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const n = estimator.sample(random).get('n') as number;
    counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  for (let n = 1; n <= 6; n++) {
    const expected = Math.exp(estimator.logDensity(new Map([['n', n]])));
    expect(Math.abs((counts.get(n) ?? 0) / draws - expected)).toBeLessThan(0.015);
  }
});

test('old observations of many weigh less', () => {
  expect(weightsOf(3)).toEqual([1, 1, 1]);
  const weights = weightsOf(30);
  expect(weights.slice(0, 5)).toEqual([1 / 30, expect.any(Number), expect.any(Number), expect.any(Number), 1]);
  expect(weights.slice(5)).toEqual(Array.from({ length: 25 }, () => 1));
});

test('parameters that occur only together are a group', async () => {
  const objective = (trial: Trial) => {
    const kind = trial.suggestCategorical('kind', ['a', 'b']);
    return kind === 'a'
      ? trial.suggestFloat('a1', 0, 1) + trial.suggestFloat('a2', 0, 1)
      : trial.suggestFloat('b1', 0, 1);
  };
  const { trials } = await search({ objective, trials: 8, sampler: 'random' });
  const groups = groupedSpaces(trials).map((group) => [...group.keys()].join());
  expect(groups.sort()).toEqual(['a1,a2', 'b1', 'kind']);
});

test('the hypervolume of points', () => {
  expect(
    hypervolume(
      [
        [1, 2],
        [2, 1],
      ],
      [3, 3],
    ),
  ).toBe(3);
  expect(hypervolume([[0, 0, 0]], [1, 2, 3])).toBe(6);
  expect(
    hypervolume(
      [
        [0, 0, 2],
        [1, 1, 0],
        [4, 4, 4],
      ],
      [2, 2, 3],
    ),
  ).toBe(6);
});

test('TPE finds better values than random search', async () => {
  const space = { x: { type: 'float', low: -5, high: 5 }, y: { type: 'float', low: -5, high: 5 } } as const;
  const best = async (sampler: string, seed: number) => {
    const { best } = await search({
      space,
      sampler,
      seed,
      trials: 50,
      objective: ({ params: { x, y } }) => (x - 1) ** 2 + (y + 2) ** 2,
    });
    return best?.values?.[0] as number;
  };
  const seeds = [1, 2, 3, 4, 5, 6, 7];
  const median = async (sampler: string) =>
    (await Promise.all(seeds.map((seed) => best(sampler, seed)))).sort((a, b) => a - b)[3] as number;
  expect(await median('tpe')).toBeLessThan(0.5 * (await median('random')));
});
