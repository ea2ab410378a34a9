import { describe, expect, test } from 'vitest';
import { memoryStorage, openStudy, search } from './search.js';
import type { Study } from './study.js';
import { type Trial, TrialInterrupted, TrialPruned } from './trial.js';

const space = {
  x: { type: 'float', low: -10, high: 10 },
  kind: { type: 'categorical', choices: ['a', 'b'] },
  depth: { type: 'int', low: 1, high: 64, log: true, when: { kind: 'a' } },
} as const;

const paramsOf = (study: Study) => study.trials.map(({ params }) => params);

describe('a search', () => {
  test('finds better values with each trial, of a declared space', async () => {
    const study = await search({
      space,
      trials: 60,
      seed: 3,
      objective: ({ params: { x, kind, depth = 0 } }) => (x - 2) ** 2 + (kind === 'a' ? depth : 3),
    });
    expect(study.trials).toHaveLength(60);
    const values = study.trials.map((trial) => trial.values?.[0] as number);
    expect(study.best?.values?.[0]).toBe(Math.min(...values));
    expect(study.best?.values?.[0]).toBeLessThan(4);
    for (const { params } of study.trials) expect(Object.hasOwn(params, 'depth')).toBe(params.kind === 'a');
  });

  test('names its parameters as it runs', async () => {
    const objective = (trial: Trial) => {
      const x = trial.suggestFloat('x', 1e-3, 1, { log: true });
      const n = trial.suggestInt('n', 0, 10, { step: 5 });
      const layer = trial.suggestCategorical('layer', ['relu', 'gelu']);
      expect(trial.suggestFloat('x', 1e-3, 1, { log: true })).toBe(x);
      expect([0, 5, 10]).toContain(n);
      return layer === 'relu' ? x : 1 + x;
    };
    const study = await search({ objective, trials: 20, direction: 'maximize' });
    expect(study.best?.params.layer).toBe('gelu');
  });

  test('with one seed draws the same, with another one other values', async () => {
    const objective = ({ params: { x } }: { readonly params: { readonly x: number } }) => x;
    const drawn = async (seed: number) => paramsOf(await search({ space: { x: space.x }, objective, trials: 8, seed }));
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
  });

  test('that is resumed comes to the trials of an unbroken one', async () => {
    const objective = ({ params: { x } }: { readonly params: { readonly x: number } }) => x;
    const whole = await search({ space, objective, trials: 16 });
    const storage = memoryStorage();
    for (const stopAt of [6, 13]) {
      const stop = new AbortController();
      await search({
        space,
        trials: 16,
        storage,
        signal: stop.signal,
        objective: ({ number, params: { x } }) => {
          if (number < stopAt) return x;
          stop.abort();
          throw new TrialInterrupted();
        },
      });
    }
    const resumed = await search({ space, objective, trials: 16, storage });
    expect(paramsOf(resumed)).toEqual(paramsOf(whole));
    expect(new Set(resumed.trials.map(({ state }) => state))).toEqual(new Set(['complete']));
  });

  test('runs an interrupted trial again, with the values that it had', async () => {
    const storage = memoryStorage();
    const stop = new AbortController();
    const seen: unknown[] = [];
    const options = { space, trials: 3, storage };
    const study = await search({
      ...options,
      signal: stop.signal,
      objective: ({ params, isResumed }) => {
        expect(isResumed).toBe(false);
        seen.push(params);
        stop.abort();
        throw new TrialInterrupted();
      },
    });
    expect(study.trials.map(({ state }) => state)).toEqual(['waiting']);
    const resumed = await search({
      ...options,
      objective: (trial) => {
        if (trial.number === 0) expect([trial.isResumed, trial.params]).toEqual([true, seen[0]]);
        return 1;
      },
    });
    expect(resumed.trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  });

  test('runs trials at the same time, each once', async () => {
    let [running, most] = [0, 0];
    const study = await search({
      space,
      trials: 9,
      jobs: 3,
      objective: async ({ params: { x } }) => {
        most = Math.max(most, ++running);
        await new Promise((done) => setTimeout(done, 5));
        running--;
        return x;
      },
    });
    expect([most, study.trials.length, new Set(paramsOf(study).map(({ x }) => x)).size]).toEqual([3, 9, 9]);
  });

  test('lets timers and signals have their turn while objectives never wait', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const { trials } = await search({
      space,
      trials: 100_000,
      sampler: 'random',
      signal: stop.signal,
      objective: () => 1,
    });
    expect(trials.length).toBeLessThan(50_000);
  });

  test('of a trial that is given back at once waits before it takes it again', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    let runs = 0;
    const objective = () => {
      runs++;
      throw new TrialInterrupted();
    };
    const { trials } = await search({ space, trials: 1, signal: stop.signal, objective });
    expect([runs, trials.map(({ state }) => state)]).toEqual([1, ['waiting']]);
  });

  test.each([undefined, null, 'text'])('is ended by an objective that throws %o', async (thrown) => {
    const study = await openStudy({});
    const errors: unknown[] = [];
    const onTrial = (_: unknown, error: unknown) => errors.push(error);
    const objective = () => Promise.reject(thrown);
    await expect(study.optimize(objective, { trials: 3, onTrial })).rejects.toBe(thrown);
    expect(study.trials).toMatchObject([{ state: 'failed', userAttributes: { error: String(thrown) } }]);
  });

  test("is ended by an error of its listener, which is not the trial's", async () => {
    const study = await openStudy({ space });
    const onTrial = () => {
      throw new Error('of the listener');
    };
    await expect(study.optimize(() => 1, { trials: 3, keepGoing: true, onTrial })).rejects.toThrow('of the listener');
    expect(study.trials.map(({ state }) => state)).toEqual(['waiting']);
  });

  test('refuses what a trial does after its end', async () => {
    const study = await openStudy({});
    let late: Promise<void> | undefined;
    await study.optimize(
      (trial) => {
        late = new Promise<void>((done) => setTimeout(done, 30)).then(() => {
          trial.report(1, 1);
          return trial.flush();
        });
        return 1;
      },
      { trials: 1 },
    );
    await expect(late).rejects.toThrow(
      'trial 0 has ended, and what it reports can no longer be written. Await everything',
    );
  });

  test('of several values of one step counts the first', async () => {
    const { trials } = await search({
      trials: 1,
      objective: async (trial) => {
        trial.report(1, 0);
        trial.report(2, 0);
        await trial.shouldPrune();
        trial.report(3, 0);
        return 1;
      },
    });
    expect([...(trials[0]?.intermediateValues ?? [])]).toEqual([[0, 1]]);
  });

  test.each<[unknown, string]>([
    [() => 1, 'a function'],
    [{ list: [1, undefined] }, 'undefined'],
    [new Map(), '{}'],
    [{ when: new Date(0) }, '"1970-01-01T00:00:00.000Z"'],
    [1n, '1'],
  ])('refuses to note %o', async (value, shown) => {
    const message = `setAttribute: note holds ${shown}; texts, numbers, lists and objects were expected`;
    const objective = (trial: Trial) => {
      trial.setAttribute('whole', { texts: ['a', null], none: undefined, number: Number.NaN });
      trial.setAttribute('note', value);
      return 1;
    };
    await expect(search({ objective, trials: 1 })).rejects.toThrow(message);
  });

  test('has whole numbers beyond 15 digits', async () => {
    const [low, high] = [Number.MAX_SAFE_INTEGER - 3, Number.MAX_SAFE_INTEGER];
    const { trials } = await search({
      trials: 40,
      sampler: 'random',
      objective: (trial) => trial.suggestInt('n', low, high) - low,
    });
    expect(new Set(trials.map(({ values }) => values?.[0]))).toEqual(new Set([0, 1, 2, 3]));
  });

  test('begins with values that were added', async () => {
    const study = await openStudy({ space });
    await study.enqueue({ x: 7, kind: 'a' });
    await study.optimize((trial) => trial.params.x as number, { trials: 2 });
    expect(study.trials[0]?.params).toMatchObject({ x: 7, kind: 'a', depth: expect.any(Number) });
  });

  test('begins with one first trial, where several processes add it', async () => {
    const study = await openStudy({ space });
    await expect(study.enqueueFirst({ x: 11 })).rejects.toThrow('enqueue: the enqueued value of x is 11');
    expect([await study.enqueueFirst({ x: 7 }), await study.enqueueFirst({ x: 8 })]).toEqual([true, false]);
    await study.optimize((trial) => trial.params.x as number, { trials: 2 });
    expect(study.trials.map(({ params }) => params.x === 7)).toEqual([true, false]);
  });

  test('refuses values that were added for parameters that there are not, and such as its space excludes', async () => {
    const study = await openStudy({ space });
    await expect(study.enqueue({ X: 7 })).rejects.toThrow(
      'enqueue: the space has no parameter "X"; it has: x, kind, depth. Did you mean x?',
    );
    await expect(study.enqueue({ x: 11 })).rejects.toThrow(
      'enqueue: the enqueued value of x is 11; a float from -10 to 10 was expected.',
    );
    await expect(study.enqueue({ kind: 'c' })).rejects.toThrow('of kind is "c"; one of "a", "b" was expected.');
    for (const params of [{ depth: 3 }, { kind: 'b', depth: 3 }]) {
      await expect(study.enqueue(params)).rejects.toThrow(
        'enqueue: depth has a value only where kind is "a". Enqueue that as well, or leave depth out.',
      );
    }
    expect(await study.refresh()).toEqual([]);
  });

  test('without a space refuses values that were added where they are suggested', async () => {
    const study = await openStudy({});
    await study.enqueue({ x: 7 });
    const message = 'trial 0: the enqueued value of x is 7; a float from 0 to 1 was expected.';
    const objective = (trial: Trial) => trial.suggestFloat('x', 0, 1);
    await expect(study.optimize(objective, { trials: 1 })).rejects.toThrow(message);
    expect(study.trials[0]).toMatchObject({ state: 'failed', params: {} });
  });

  test('has choices as lists, with their types', async () => {
    const study = await search({
      space: { kind: ['a', 'b'], rate: { type: 'float', low: 0, high: 1 } },
      trials: 5,
      objective: ({ params: { kind, rate } }) => ({ a: 1, b: 2 })[kind] + rate,
    });
    for (const { params } of study.trials) expect(['a', 'b']).toContain(params.kind);
  });

  test('has a Pareto front for several objectives', async () => {
    const study = await search({
      space: { x: { type: 'int', low: 0, high: 9 } },
      direction: ['minimize', 'maximize'] as const,
      trials: 40,
      objective: ({ params: { x } }) => [Math.abs(x - 3), Math.min(x, 5)],
    });
    expect(study.best).toBeUndefined();
    expect([...new Set(study.paretoFront.map(({ params }) => params.x))].sort()).toEqual([3, 4, 5]);
  });
});

describe('trials that do not come to a value', () => {
  test('pruned ones have what they reported last', async () => {
    const study = await search({
      space,
      trials: 1,
      objective: (trial) => {
        trial.report(3, 1);
        trial.report(2, 2);
        throw new TrialPruned();
      },
    });
    expect(study.trials[0]).toMatchObject({ state: 'pruned', values: [2] });
    expect(study.best).toBeUndefined();
  });

  test.each([
    [Number.NaN, 'trial 0: the objective returned NaN, which cannot be compared'],
    [undefined, 'trial 0: the objective returned undefined; a number was expected'],
    [[1, 2], 'trial 0: the objective returned [1,2]; a number was expected'],
  ])('%s is an error, and the trial has failed', async (value, message) => {
    const storage = memoryStorage();
    const objective = () => value as number;
    await expect(search({ space, objective, trials: 2, storage })).rejects.toThrow(message);
    const study = await search({ space, objective, trials: 2, storage, keepGoing: true });
    expect(study.trials.map(({ state, userAttributes }) => [state, userAttributes.error])).toEqual([
      ['failed', message],
      ['failed', message.replace('trial 0', 'trial 1')],
    ]);
  });
});

describe('options', () => {
  const objective = () => 1;
  test.each([
    [{ trials: -1 }, 'trials is -1; it must be a whole number from 0'],
    [{ trials: 1, jobs: 0 }, 'jobs is 0; it must be a whole number from 1'],
    [{ trials: 1, direction: 'up' }, 'direction is "up"; it must be minimize or maximize'],
    [{ trials: 1, sampler: 'magic' }, 'there is no sampler "magic"; there are: tpe, random'],
    [{ trials: 1, pruner: 'magic' }, 'there is no pruner "magic"; there are: none'],
    [{ trials: 1, samplerOptions: { n: 1 } }, 'sampler tpe: there is no option "n"'],
    [{ trials: 1, sede: 1 }, 'there is no option "sede"'],
    [{ trials: 1, seed: 0.5 }, 'seed is 0.5; it must be a whole number'],
    [
      { storage: 'search.journal' },
      'storage is "search.journal"; a storage was expected, such as openStorage(\'search.journal\')',
    ],
    [{ seed: '1' }, 'seed is "1"; it must be a whole number'],
    [
      { sampler: 'tpee' },
      'there is no sampler "tpee"; there are: tpe, random, grid, sobol, cma-es, nsga-ii. Did you mean tpe?',
    ],
    [
      { space: { x: { type: 'float', low: -1e308, high: 1e308 } } },
      'x: low (-1e+308) and high (1e+308) are too far apart',
    ],
    [{ space: { x: [1, Number.NaN] } }, 'x: choices is [1,NaN]; it must be'],
  ])('%j are refused', async (given, message) => {
    await expect(search({ space, objective, ...(given as { trials: number }) })).rejects.toThrow(message);
  });

  test('a study keeps its directions', async () => {
    const storage = memoryStorage();
    await search({ space, objective, trials: 1, storage });
    await expect(openStudy({ space, storage, direction: 'maximize' })).rejects.toThrow(
      'memory: the study study is there already, and it is to minimize, not to maximize',
    );
  });
});
