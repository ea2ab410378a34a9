/** @file What each storage does alike: a journal, a PostgreSQL server, and the embedded PostgreSQL. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, PostgresServer } from '../../testing/postgres-server.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { search } from '../search.js';
import type { Distribution } from '../space/distribution.js';
import { TrialInterrupted } from '../trial.js';
import { openStorage } from './open-storage.js';
import type { Query } from './postgres/node/database.js';
import { PostgresStorage } from './postgres/node/postgres-storage.js';
import { openServer } from './postgres/node/server.js';
import { type StudyStorage, TrialLost } from './storage.js';

let server: PostgresServer;
beforeAll(async () => {
  if (hasPostgres) server = await PostgresServer.start();
}, 60_000);
afterAll(() => server?.end());

const storages: Readonly<Record<string, () => string>> = {
  journal: () => join(temporaryFolder(), 'search.journal'),
  postgres: () => server.url,
  pglite: () => embedded,
};
const embedded = `pglite:${join(temporaryFolder(), 'database')}`;

let studies = 0;
const opened: StudyStorage[] = [];
const open = (place: string, expireAfter = 300): StudyStorage => {
  const known = opened.find((storage) => place === embedded && storage.place === embedded); // it takes seconds to start
  if (known) return known;
  const storage = openStorage(place, { expireAfter });
  opened.push(storage);
  return storage;
};
afterAll(() => Promise.all(opened.map((storage) => storage.close())));

const x: Distribution = { type: 'float', low: 0, high: 1 };
const space = { x } as const;

describe.each(Object.entries(storages))('%s (postgres: skipped where it is not installed)', (kind, placeOf) => {
  const testEach = test.skipIf(kind === 'postgres' && !hasPostgres);
  const testShared = kind === 'pglite' ? () => undefined : testEach; // one process, one connection

  testEach('holds all that a trial is', async () => {
    const storage = open(placeOf());
    const study = await storage.open(`study-${++studies}`, ['minimize']);
    await study.setAttribute('by', { name: 'Ä "quoted"' });
    const claimed = await study.claim(5);
    expect(claimed).toMatchObject({ number: 0, state: 'running' });
    const kindOf: Distribution = { type: 'categorical', choices: ['a', null, true, 2] };
    await study.update(claimed?.id as number, [
      { type: 'param', name: 'x', distribution: x, value: 0.1 },
      { type: 'param', name: 'kind', distribution: kindOf, value: null },
      { type: 'report', step: 10, value: Number.NaN },
      { type: 'report', step: 2, value: -1e-300 },
      { type: 'attribute', of: 'user', name: 'metrics', value: { f1: 0.5 } },
      { type: 'attribute', of: 'system', name: 'completed_rung_0', value: 3 },
    ]);
    await study.update(claimed?.id as number, [
      { type: 'report', step: 3, value: Number.POSITIVE_INFINITY },
      { type: 'state', state: 'complete', values: [0.1 + 0.2] },
    ]);
    const [trial] = await study.trials();
    expect(trial).toMatchObject({
      number: 0,
      state: 'complete',
      params: { x: 0.1, kind: null },
      values: [0.1 + 0.2],
      distributions: { x, kind: kindOf },
      userAttributes: { metrics: { f1: 0.5 } },
      systemAttributes: { completed_rung_0: 3 },
      start: expect.any(Date),
      end: expect.any(Date),
    });
    expect(new Map(trial?.intermediateValues)).toEqual(
      new Map([
        [2, -1e-300],
        [3, Number.POSITIVE_INFINITY],
        [10, Number.NaN],
      ]),
    );
    expect(await study.attributes()).toEqual({ by: { name: 'Ä "quoted"' } });
    await expect(study.update(claimed?.id as number, [{ type: 'report', step: 11, value: 1 }])).rejects.toThrow(
      TrialLost,
    );
    await expect(storage.open(study.name, ['maximize'])).rejects.toThrow('and it is to minimize, not to maximize');
  });

  testEach('gives out no more trials than asked for, waiting ones first', async () => {
    const study = await open(placeOf()).open(`study-${++studies}`, ['minimize']);
    await study.claim(3);
    await study.enqueue({ x: 0.5 });
    const waiting = await study.claim(3);
    expect(waiting).toMatchObject({ number: 1, systemAttributes: { fixed_params: { x: 0.5 } } });
    expect(await study.claim(3)).toMatchObject({ number: 2 });
    expect(await study.claim(3)).toBeUndefined();
    await study.update(1, [{ type: 'state', state: 'waiting' }]);
    expect(await study.claim(3)).toMatchObject({ number: 1, state: 'running' });
  });

  testEach('runs no more of the enqueued trials than asked for', async () => {
    const study = await open(placeOf()).open(`study-${++studies}`, ['minimize']);
    for (const value of [0.1, 0.2, 0.3]) await study.enqueue({ x: value });
    expect(await study.claim(2)).toMatchObject({ number: 0 });
    expect(await study.claim(2)).toMatchObject({ number: 1 });
    expect(await study.claim(2)).toBeUndefined();
    expect(await study.claim(9)).toMatchObject({ number: 2 });
  });

  testEach('holds texts that were cut in the middle of a character', async () => {
    const study = await open(placeOf()).open(`study-${++studies}`, ['minimize']);
    const claimed = await study.claim(1);
    const value = `${'🙂'.slice(0, 1)} \0 \\u0000`;
    await study.update(claimed?.id as number, [
      { type: 'attribute', of: 'user', name: 'error', value },
      { type: 'state', state: 'failed' },
    ]);
    const [trial] = await study.trials();
    expect(trial?.state).toBe('failed');
    expect(trial?.userAttributes.error).toMatch(/^. . \\u0000$/u);
  });

  testEach('adds the first trial once, however many workers start together', async () => {
    const [place, name] = [placeOf(), `study-${++studies}`];
    const [one, other] = await Promise.all([
      open(place).open(name, ['minimize']),
      open(place).open(name, ['minimize']),
    ]);
    const added = await Promise.all([one.enqueueFirst({ x: 0.5 }), other.enqueueFirst({ x: 0.5 })]);
    expect(added.filter((isAdded) => isAdded)).toHaveLength(1);
    expect(await one.trials()).toMatchObject([
      { number: 0, state: 'waiting', systemAttributes: { fixed_params: { x: 0.5 } } },
    ]);
    await one.claim(1);
    expect(await other.enqueueFirst({ x: 0.5 })).toBe(false);
  });

  testEach('has workers send heartbeats at least once a minute, even where they never count as gone', async () => {
    const study = await open(placeOf(), 1e12).open(`study-${++studies}`, ['minimize']);
    await study.claim(1);
    expect(study.heartbeatEvery).toBeLessThanOrEqual(60_000);
    expect(await study.reclaim()).toEqual([]);
  });

  testEach('is resumed', async () => {
    const [place, name] = [placeOf(), `study-${++studies}`];
    const stop = new AbortController();
    const storage = open(place);
    const objective = ({ params }: { readonly params: { readonly x: number } }) => params.x;
    await search({
      space,
      name,
      storage,
      trials: 12,
      signal: stop.signal,
      objective: (trial) => {
        if (trial.number < 7) return objective(trial);
        stop.abort();
        throw new TrialInterrupted();
      },
    });
    const whole = await search({ space, objective, trials: 12 });
    const resumed = await search({ space, objective, name, storage, trials: 12 });
    expect(resumed.trials.map(({ params }) => params)).toEqual(whole.trials.map(({ params }) => params));
  });

  testShared('lets several workers run each trial once', async () => {
    const [place, name] = [placeOf(), `study-${++studies}`];
    const ran: number[] = [];
    const work = () =>
      search({
        space,
        name,
        storage: open(place),
        trials: 20,
        jobs: 2,
        objective: async ({ number, params }) => {
          ran.push(number);
          await new Promise((done) => setTimeout(done, 2));
          return params.x;
        },
      });
    const found = await Promise.all([work(), work(), work()]);
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    for (const { trials } of found) expect(trials).toHaveLength(20);
  });

  testShared('gives the trials of a worker that is silent to another, and takes nothing more from it', async () => {
    const [place, name] = [placeOf(), `study-${++studies}`];
    const silent = await open(place, 0.2).open(name, ['minimize']);
    const awake = await open(place, 0.2).open(name, ['minimize']);
    const lost = await silent.claim(2);
    const kept = await silent.claim(2);
    for (let i = 0; i < 4; i++) {
      await new Promise((done) => setTimeout(done, 80));
      await silent.heartbeat([kept?.id as number]);
    }
    // A journal's workers of one process know that they are alive.
    expect(await awake.reclaim()).toEqual(kind === 'journal' ? [] : [0]);
    if (kind === 'journal') return;
    expect(await awake.claim(2)).toMatchObject({ number: 0 });
    await expect(
      silent.update(lost?.id as number, [{ type: 'state', state: 'complete', values: [1] }]),
    ).rejects.toThrow(TrialLost);
    await silent.update(kept?.id as number, [{ type: 'state', state: 'complete', values: [2] }]);
    await awake.update(0, [{ type: 'state', state: 'complete', values: [3] }]);
    expect((await awake.trials()).map(({ values }) => values)).toEqual([[3], [2]]);
  });
});

describe.skipIf(!hasPostgres)('a server (skipped where PostgreSQL is not installed)', () => {
  test('that goes away and comes back interrupts nothing', async () => {
    const name = `study-${++studies}`;
    const storage = open(server.url, 30);
    let back: Promise<void> | undefined;
    const study = await search({
      space,
      name,
      storage,
      trials: 6,
      objective: async ({ number, params }) => {
        if (number === 2) {
          await server.stop();
          back = new Promise<void>((done) => setTimeout(done, 500)).then(() => server.restart());
        }
        return params.x;
      },
    });
    await back;
    expect(study.trials.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'complete'));
  }, 30_000);

  test('has the trials of a worker that dies last finished by those that wait for it', async () => {
    const name = `study-${++studies}`;
    const dies = await open(server.url, 1).open(name, ['minimize']);
    await dies.claim(3);
    const study = await search({
      space,
      name,
      storage: open(server.url, 1),
      trials: 3,
      objective: ({ params }) => params.x,
    });
    expect(study.trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  });

  test('sends trials that have ended once', async () => {
    const database = await openServer(server.url);
    let sent = 0;
    const query: Query = async (...question) => {
      const rows = await database.query(...question);
      sent += rows.length;
      return rows;
    };
    const storage = new PostgresStorage({ ...database, query }, 300_000);
    opened.push(storage);
    const study = await storage.open(`study-${++studies}`, ['minimize']);
    const other = await open(server.url).open(study.name, ['minimize']);
    for (let i = 0; i < 3; i++) {
      await study.claim(9);
      await study.update(i, [{ type: 'state', state: 'complete', values: [i] }]);
    }
    await other.claim(9);
    await study.trials();
    sent = 0;
    await other.update(3, [{ type: 'state', state: 'complete', values: [3] }]);
    await other.enqueue({});
    const trials = await study.trials();
    expect(trials.map(({ values, state }) => values?.[0] ?? state)).toEqual([0, 1, 2, 3, 'waiting']);
    expect(sent).toBe(2);
    expect(await study.trials()).toEqual(await other.trials());
  });

  test('that stays away is an error in words, without the password', async () => {
    const storage = open('postgres://tester:secret@127.0.0.1:9/postgres', 0.3);
    const failed = storage.open('study', ['minimize']);
    await expect(failed).rejects.toThrow('postgres://tester@127.0.0.1:9/postgres: ');
    await expect(failed).rejects.not.toThrow('secret');
    delete process.env.DATABASE_URL;
    await expect(open('postgres').open('study', ['minimize'])).rejects.toThrow('DATABASE_URL is not set');
  });
});
