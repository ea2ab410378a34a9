/** @file Journals in files: those of Optuna, several workers, workers that die, and crashes in the middle of a line. */
import { appendFileSync, existsSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { openStudy, search } from '../../search.js';
import type { Trial } from '../../trial.js';
import { openStorage } from '../open-storage.js';
import { TrialLost } from '../storage.js';
import { readEntry, writeEntry } from './entries.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/search/${name}`, import.meta.url));

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'folder', 'search.journal');
});

const space = { x: { type: 'float', low: 0, high: 1 } } as const;
const run = (trials: number, objective = ({ params: { x } }: { readonly params: { readonly x: number } }) => x) =>
  search({ space, trials, storage: openStorage(path), objective });

describe("Optuna's journal", () => {
  test('is read: trials in all states, with their values', async () => {
    const study = await openStorage(fixture('optuna.journal')).open('tuning', ['maximize']);
    const trials = await study.trials();
    const states = { complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL', waiting: 'WAITING', running: 'RUNNING' };
    const read = trials.map(({ number, state, params, values = null, intermediateValues, userAttributes }) => ({
      number,
      state: states[state],
      params,
      values,
      user: userAttributes,
      reported: Object.fromEntries([...intermediateValues].map(([step, value]) => [step, python(value)])),
    }));
    expect(read).toEqual(JSON.parse(readFileSync(fixture('optuna-journal.json'), 'utf8')));
    expect(await study.attributes()).toEqual({ by: "Optuna: 'NaN' is a text here" });
  });

  test('goes on here: the waiting trial first, that which Optuna runs stays', async () => {
    path = join(temporaryFolder(), 'copy.journal');
    writeFileSync(path, readFileSync(fixture('optuna.journal')));
    const study = await openStudy({ name: 'tuning', direction: 'maximize', storage: openStorage(path) });
    const [before, running] = [study.trials.length, study.trials.findIndex(({ state }) => state === 'running')];
    await study.optimize((trial) => trial.suggestFloat('x', -5, 5), { trials: before + 1 });
    expect(study.trials).toHaveLength(before + 1);
    expect(study.trials[before - 1]).toMatchObject({ state: 'complete', params: { x: 2.5 }, values: [2.5] });
    expect(study.trials[running]).toMatchObject({ state: 'running' });
  });

  /** A number as Python's `str` has it. */
  const python = (value: number) =>
    Number.isNaN(value) ? 'nan' : Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
});

describe('a line', () => {
  test('holds numbers that JSON does not have', () => {
    const entry = {
      op_code: 7,
      worker_id: 'NaN',
      step: 1,
      intermediate_value: Number.NaN,
      other: [-Infinity, 'Infinity "NaN"'],
    };
    const line = writeEntry(entry);
    expect(line).toContain('"intermediate_value":NaN,"other":[-Infinity,');
    expect(readEntry(line, 'here')).toEqual(entry);
  });

  test('half of which a crash left is taken away by who writes next', async () => {
    await run(2);
    const before = readFileSync(path, 'utf8');
    appendFileSync(path, '{"op_code":6,"worker_id":"dead","trial_id":0,"st');
    expect((await openStudy({ space, storage: openStorage(path) })).trials).toHaveLength(2);
    expect((await run(3)).trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
    const after = readFileSync(path, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after).not.toContain('dead');
  });

  test.each(['removed', 'shortened'])('a file that is %s while a study is open ends the search', async (what) => {
    const objective = ({ number }: Trial) => {
      if (number === 2 && what === 'removed') rmSync(path);
      if (number === 2 && what === 'shortened') truncateSync(path, 40);
      return 1;
    };
    await expect(search({ storage: openStorage(path), trials: 5, objective })).rejects.toThrow(
      `search.journal: the journal was ${what} while its studies were open`,
    );
  });

  test('that is none is an error with its number', async () => {
    await run(1);
    const lines = readFileSync(path, 'utf8').trim().split('\n').length;
    appendFileSync(path, 'not a line\n');
    await expect(run(2)).rejects.toThrow(`search.journal:${lines + 1}: is not a journal entry`);
    writeFileSync(path, '{"op": 1}\n');
    await expect(run(2)).rejects.toThrow('search.journal:1: has no op_code and worker_id');
  });
});

describe('workers', () => {
  test('share a study: each trial is run once', async () => {
    const ran: number[] = [];
    const work = () =>
      search({
        space,
        trials: 12,
        storage: openStorage(path),
        objective: async ({ number, params: { x } }) => {
          ran.push(number);
          await new Promise((done) => setTimeout(done, 1));
          return x;
        },
      });
    await Promise.all([work(), work(), work()]);
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test('that died give their trials back, and cannot finish them afterwards', async () => {
    const dead = await openStorage(path).open('study', ['minimize']);
    const lost = await dead.claim(3);
    await dead.update(lost?.id as number, [{ type: 'param', name: 'x', distribution: space.x, value: 0.25 }]);
    // As if an earlier process with this one's number had written this.
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replaceAll(/(?<="start":")\d*/g, (start) => '9'.repeat(start.length)),
    );
    const study = await run(3);
    expect(study.trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
    expect(study.trials[0]).toMatchObject({ params: { x: 0.25 }, values: [0.25] });
    await expect(dead.update(0, [{ type: 'state', state: 'complete', values: [9] }])).rejects.toThrow(TrialLost);
    expect((await dead.trials())[0]?.values).toEqual([0.25]);
  });

  test('of another machine that were silent for too long do, too', async () => {
    const silent = await openStorage(path).open('study', ['minimize']);
    await silent.claim(1);
    const text = readFileSync(path, 'utf8').replaceAll(/"machine":"[^"]*"/g, '"machine":"elsewhere"');
    writeFileSync(path, text);
    const fresh = await openStorage(path).open('study', ['minimize']);
    expect(await fresh.reclaim()).toEqual([]);
    writeFileSync(path, text.replaceAll(/("multihead:heartbeat":")\d{4}/g, '$12001'));
    const later = await openStorage(path).open('study', ['minimize']);
    expect(await later.reclaim()).toEqual([0]);
    expect(await later.claim(1)).toMatchObject({ number: 0, state: 'running' });
  });

  test('wait for a lock that is held', async () => {
    await run(1);
    symlinkSync(path, `${path}.lock`);
    const waiting = run(2);
    const { unlinkSync } = await import('node:fs');
    setTimeout(() => unlinkSync(`${path}.lock`), 60);
    expect((await waiting).trials).toHaveLength(2);
  });
});
