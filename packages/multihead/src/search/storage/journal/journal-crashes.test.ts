/** @file Journals whose writers are stopped, cut off, or have clocks that are wrong: no trial is lost, or run twice. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { openStorage } from '../open-storage.js';
import { operations, timestamp, writeEntry } from './entries.js';
import type { Journal } from './journal.js';
import { JournalStorage } from './journal-storage.js';
import { openJournal } from './node.js';

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'search.journal');
});

const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('a writer that was stopped between reading and writing', () => {
  /** A journal to which something is appended when an action has just decided what to add: once, as if its lock had expired. */
  function overtaken(text: () => string): Journal {
    const file = openJournal(path);
    let isOvertaken = false;
    return {
      place: file.place,
      worker: file.worker,
      isGone: (worker) => file.isGone(worker),
      read: () => file.read(),
      exclusively: (action) =>
        file.exclusively(() => {
          const entries = action();
          if (!isOvertaken && entries.length > 0) {
            isOvertaken = true;
            appendFileSync(path, text());
          }
          return entries;
        }),
    };
  }

  const claimByOther = () =>
    writeEntry({ op_code: operations.createTrial, worker_id: 'other', study_id: 0, datetime_start: null });

  test('keeps the lines of others, and decides anew', async () => {
    const storage = await openStorage(path).open('study', ['minimize']);
    const study = await new JournalStorage(overtaken(claimByOther)).open('study', ['minimize']);
    expect(await study.claim(2)).toMatchObject({ number: 1, state: 'running' });
    expect(await storage.trials()).toMatchObject([{ owner: 'other' }, { number: 1 }]);
  });

  test('claims no trial where the others have claimed all', async () => {
    await openStorage(path).open('study', ['minimize']);
    const study = await new JournalStorage(overtaken(claimByOther)).open('study', ['minimize']);
    expect(await study.claim(1)).toBeUndefined();
    expect(await study.trials()).toMatchObject([{ owner: 'other' }]);
  });

  test('removes a line that is cut off', async () => {
    await openStorage(path).open('study', ['minimize']);
    const study = await new JournalStorage(overtaken(() => claimByOther().slice(0, 20))).open('study', ['minimize']);
    expect(await study.claim(1)).toMatchObject({ number: 0, state: 'running' });
    expect(lines()).toHaveLength(2);
  });
});

describe('a claim that was cut off behind its first line', () => {
  /** As a process of this machine leaves it that is gone. */
  const cutOff = (count: number) =>
    writeFileSync(
      path,
      lines()
        .slice(0, count)
        .map((line) => `${line.replace(/(?<="start":")\d*/, (start) => '9'.repeat(start.length))}\n`)
        .join(''),
    );

  test('of a new trial names its worker, and is taken over', async () => {
    const dead = await openStorage(path).open('study', ['minimize']);
    const before = lines().length;
    await dead.claim(1);
    cutOff(before + 1);
    const study = await openStorage(path).open('study', ['minimize']);
    expect(await study.reclaim()).toEqual([0]);
    expect(await study.claim(1)).toMatchObject({ number: 0, state: 'running' });
  });

  test('of a waiting trial leaves it waiting', async () => {
    const dead = await openStorage(path).open('study', ['minimize']);
    await dead.enqueue({ x: 0.5 });
    const before = lines().length;
    await dead.claim(1);
    cutOff(before + 1);
    const study = await openStorage(path).open('study', ['minimize']);
    expect(await study.claim(1)).toMatchObject({ number: 0, state: 'running' });
  });
});

describe('workers of another machine', () => {
  const [machine, clock] = [/(?<="machine":")[^"]*/g, /(?<="multihead:heartbeat":")[^"]*/g];
  const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

  /** As if another machine, whose clock is behind by some milliseconds, had written the journal. */
  const fromElsewhere = (behind: number) =>
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .replaceAll(machine, '00000000')
        .replaceAll(clock, (time) => timestamp(new Date(Date.parse(time) - behind))),
    );

  test.each([600_000, -600_000])(
    'keep their trials as long as they send heartbeats: clock behind by %i ms',
    async (behind) => {
      const silent = await openStorage(path).open('study', ['minimize']);
      await silent.claim(1);
      fromElsewhere(behind);
      const study = await openStorage(path, { expireAfter: 0.3 }).open('study', ['minimize']);
      for (let i = 0; i < 3; i++) {
        await pause(150);
        await silent.heartbeat([0]);
        fromElsewhere(behind);
        expect(await study.reclaim()).toEqual([]);
      }
      await pause(400);
      expect(await study.reclaim()).toEqual([0]);
    },
  );

  test('lose their trials at once where they have been silent for more than a day', async () => {
    const silent = await openStorage(path).open('study', ['minimize']);
    await silent.claim(1);
    fromElsewhere(25 * 3_600_000);
    const study = await openStorage(path).open('study', ['minimize']);
    expect(await study.reclaim()).toEqual([0]);
  });
});
