/** @file Sobol sequences against SciPy, CMA-ES against the package cmaes (bench/peers/search_fixtures.py), and grids. */
import { describe, expect, test } from 'vitest';
import { searchFixture } from '../../testing/search-fixtures.js';
import { memoryStorage, openStudy, search } from '../search.js';
import type { SpaceDeclaration } from '../space/search-space.js';
import { Cma } from './cma-es/cma.js';
import { symmetricEigen } from './cma-es/symmetric-eigen.js';
import { samplers } from './registry.js';
import { mostDimensions, SobolSequence } from './sobol/sobol-sequence.js';

describe('a Sobol sequence', () => {
  const reference = searchFixture<{
    readonly plain: number[][];
    readonly later: number[][];
    readonly matrices: number[][];
    readonly shifts: number[];
    readonly scrambled: number[][];
  }>('sobol.json');

  test('is that of SciPy, in all dimensions', () => {
    const sequence = new SobolSequence(mostDimensions);
    expect(reference.plain.map((_, i) => sequence.point(i))).toEqual(reference.plain);
    expect([1000, 1001].map((i) => sequence.point(i))).toEqual(reference.later);
  });

  test('is scrambled as in SciPy', () => {
    const sequence = new SobolSequence(5, reference);
    expect(reference.scrambled.map((_, i) => sequence.point(i))).toEqual(reference.scrambled);
  });

  test('as a sampler leaves no part out: of 32 trials one in each of 32 parts of each parameter', async () => {
    const space = {
      x: { type: 'float', low: 0, high: 32 },
      y: { type: 'float', low: 1, high: 2 ** 32, log: true },
    } as const;
    const { trials } = await search({
      space,
      trials: 32,
      sampler: 'sobol',
      seed: 7,
      objective: ({ params: { x } }) => x,
    });
    const parts = (of: (trial: (typeof trials)[number]) => number) =>
      trials.map((trial) => Math.floor(of(trial))).sort((a, b) => a - b);
    const all = Array.from({ length: 32 }, (_, i) => i);
    expect(parts(({ params }) => params.x as number)).toEqual(all);
    expect(parts(({ params }) => Math.log2(params.y as number))).toEqual(all);
  });
});

describe('CMA-ES', () => {
  interface Run {
    readonly dimensions: number;
    readonly population: number;
    readonly generations: readonly {
      readonly points: number[][];
      readonly losses: number[];
      readonly mean: number[];
      readonly sigma: number;
      readonly covariance: number[][];
    }[];
  }

  test.each(searchFixture<readonly Run[]>('cma.json').map((run) => [run.dimensions, run] as const))(
    'has the states of cmaes, in %d dimensions',
    (dimensions, { population, generations }) => {
      const all = <Value>(value: Value) => Array.from({ length: dimensions }, () => value);
      const cma = new Cma(all(0.5), 0.2, all({ low: 0, high: 1 }), dimensions === 3 ? 12 : undefined);
      expect(cma.populationSize).toBe(population);
      for (const { points, losses, mean, sigma, covariance } of generations) {
        cma.tell(points.map((point, i) => ({ point, loss: losses[i] as number })));
        expect(cma.sigma).toBeCloseTo(sigma, 12);
        for (const [i, expected] of mean.entries()) expect(cma.mean[i]).toBeCloseTo(expected, 12);
        for (const [i, row] of covariance.entries()) {
          for (const [j, expected] of row.entries()) expect(cma.covariance[i]?.[j]).toBeCloseTo(expected, 11);
        }
      }
    },
  );

  test('decomposes symmetric matrices', () => {
    const matrix = [
      [4, 1, -2],
      [1, 2, 0],
      [-2, 0, 3],
    ];
    const { values, vectors } = symmetricEigen(matrix);
    const back = vectors.map((a) =>
      vectors.map((b) => values.reduce((sum, value, k) => sum + value * (a[k] as number) * (b[k] as number), 0)),
    );
    for (const [i, row] of matrix.entries())
      for (const [j, x] of row.entries()) expect(back[i]?.[j]).toBeCloseTo(x, 12);
  });

  test('finds the lowest point of a valley', async () => {
    const space = { x: { type: 'float', low: -2, high: 2 }, y: { type: 'float', low: -2, high: 2 } } as const;
    const { best } = await search({
      space,
      trials: 300,
      sampler: 'cma-es',
      objective: ({ params: { x, y } }) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    });
    expect(best?.values?.[0]).toBeLessThan(0.01);
  });

  test('begins anew where the limits of the space have moved', async () => {
    const storage = memoryStorage();
    const objective = ({ params: { x } }: { readonly params: { readonly x: number } }) => (x - 5.5) ** 2;
    const within = (low: number, trials: number) =>
      search({ space: { x: { type: 'float', low, high: low + 1 } }, objective, trials, storage, sampler: 'cma-es' });
    await within(0, 40);
    const study = await within(5, 120);
    const moved = study.trials.slice(40).map(({ params }) => params.x as number);
    expect(moved.filter((x) => x === 5 || x === 6).length).toBeLessThan(20);
    expect(study.best?.values?.[0]).toBeLessThan(1e-3);
  });

  test('is for one objective', async () => {
    await expect(openStudy({ sampler: 'cma-es', direction: ['minimize', 'minimize'] })).rejects.toThrow(
      'tpe takes several',
    );
  });
});

describe('a grid', () => {
  const space = {
    kind: { type: 'categorical', choices: ['a', 'b'] },
    n: { type: 'int', low: 1, high: 2 },
    depth: { type: 'float', low: 0, high: 1, when: { kind: 'a' } },
  } as const;

  test('has each combination once, and ends', async () => {
    const samplerOptions = { steps: 2 };
    const { trials } = await search({ space, samplerOptions, sampler: 'grid', trials: 100, objective: () => 1 });
    const seen = trials.map(({ params }) => `${params.kind} ${params.n} ${params.depth ?? ''}`);
    expect(trials).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
    expect(seen).toContain('a 2 1');
    expect(seen).toContain('b 2 ');
  });

  test('has the values that are given', async () => {
    const samplerOptions = { values: { n: [1, 2], depth: [0.25] } };
    const { trials } = await search({ space, samplerOptions, sampler: 'grid', trials: 100, objective: () => 1 });
    expect(trials).toHaveLength(4);
    expect(new Set(trials.map(({ params }) => params.depth))).toEqual(new Set([0.25, undefined]));
  });

  test('has the points that enqueued trials, and those of another sampler, leave', async () => {
    const small = { n: { type: 'int', low: 1, high: 4 } } as const;
    const storage = memoryStorage();
    const options = { space: small, storage, objective: () => 1, samplerOptions: {} };
    await search({ ...options, sampler: 'random', trials: 1 });
    const study = await openStudy({ space: small, storage, sampler: 'grid' });
    const [random] = study.trials.map(({ params }) => params.n as number);
    const enqueued = random === 3 ? 2 : 3;
    await study.enqueue({ n: enqueued });
    await study.enqueue({}); // a trial of the grid's
    expect(study.size).toBe(4);
    const { trials } = await search({ ...options, sampler: 'grid', trials: 100, jobs: 2 });
    const values = trials.map(({ params }) => params.n as number);
    expect(values.slice(0, 2)).toEqual([random, enqueued]);
    expect(values.toSorted()).toEqual([1, 2, 3, 4]);
  });

  test('has points besides that of a trial that no grid has', async () => {
    const study = await openStudy({
      space: { x: { type: 'float', low: 0, high: 1 } },
      sampler: 'grid',
      samplerOptions: { steps: 2 },
    });
    await study.enqueue({ x: 0.3 });
    await study.optimize(() => 1, { trials: 100 });
    expect(study.trials.map(({ params }) => params.x as number).toSorted()).toEqual([0, 0.3, 1]);
  });

  test.each<[object, readonly number[]]>([
    [{ type: 'int', low: 1, high: 10 }, [1, 3, 6, 8, 10]],
    [{ type: 'int', low: 1, high: 3 }, [1, 2, 3]],
    [{ type: 'int', low: 1, high: 256, log: true }, [1, 4, 16, 64, 256]],
    [{ type: 'float', low: 0, high: 0.7, step: 0.1 }, [0, 0.2, 0.4, 0.5, 0.7]],
    [{ type: 'float', low: 1e-4, high: 1, log: true }, [1e-4, 1e-3, 1e-2, 0.1, 1]],
  ])('of %j has values from the smallest to the largest', async (x, expected) => {
    const { trials } = await search({
      space: { x } as SpaceDeclaration,
      sampler: 'grid',
      trials: 100,
      objective: () => 1,
    });
    const values = trials.map(({ params }) => params.x as number).toSorted((a, b) => a - b);
    expect(values).toHaveLength(expected.length);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] as number, 12);
    expect([values[0], values.at(-1)]).toEqual([expected[0], expected.at(-1)]);
  });

  test.each([
    [{ values: { n: [] } }, 'samplerOptions.values'],
    [{ values: { n: [7] } }, 'n cannot be 7 in the space'],
    [{ values: { m: [7] } }, 'the space has no parameter m'],
  ])('%j is refused', async (samplerOptions, message) => {
    await expect(openStudy({ space, sampler: 'grid', samplerOptions })).rejects.toThrow(message);
  });

  test('has parameters of any name', async () => {
    const named = { toString: { type: 'int', low: 1, high: 2 } } as const;
    const { trials } = await search({ space: named, sampler: 'grid', trials: 9, objective: () => 1 });
    expect(trials).toHaveLength(2);
  });

  test('needs a declared space', async () => {
    await expect(openStudy({ sampler: 'grid' })).rejects.toThrow('needs a declared space');
  });
});

describe.each(samplers().map(({ name }) => [name]))('%s', (sampler) => {
  const space = {
    rate: { type: 'float', low: 1e-5, high: 1, log: true },
    size: { type: 'int', low: 4, high: 64, log: true },
    drop: { type: 'float', low: 0, high: 0.5, step: 0.1 },
    kind: { type: 'categorical', choices: ['a', 'b', null] },
    one: { type: 'int', low: 3, high: 3 },
    depth: { type: 'int', low: 1, high: 9, when: { kind: 'a' } },
  } as const;

  test('draws values of the space, the same for the same seed, of all kinds of parameters', async () => {
    const run = () =>
      search({
        space,
        sampler,
        trials: 40,
        seed: 11,
        objective: ({ params: { rate, size, drop, kind, depth = 5 } }) =>
          Math.log(rate) ** 2 + size * drop + (kind === 'b' ? 1 : depth),
      });
    const [first, second] = [await run(), await run()];
    expect(first.trials.map(({ params }) => params)).toEqual(second.trials.map(({ params }) => params));
    for (const { params } of first.trials) {
      expect(params.rate as number).toBeGreaterThanOrEqual(1e-5);
      expect(params.rate as number).toBeLessThanOrEqual(1);
      expect(Number.isInteger(params.size) && (params.size as number) >= 4 && (params.size as number) <= 64).toBe(true);
      expect([0, 0.1, 0.2, 0.3, 0.4, 0.5]).toContain(params.drop);
      expect(params.one).toBe(3);
      expect(Object.hasOwn(params, 'depth')).toBe(params.kind === 'a');
    }
    expect(new Set(first.trials.map(({ params }) => params.kind)).size).toBe(3);
  });
});
