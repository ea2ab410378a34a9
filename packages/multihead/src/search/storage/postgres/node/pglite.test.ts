/** @file The embedded PostgreSQL: one process at a time opens its folder. */
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machine, startOf } from '../../../../platform/files/node/machine.js';
import { temporaryFolder } from '../../../../testing/temporary-folder.js';
import { openStorage } from '../../open-storage.js';

/** The lock of a process that has a folder open. */
const lockOf = (pid: number) => JSON.stringify({ pid, host: hostname(), machine, start: startOf(pid), id: 'a' });

test('a folder that another process has open is refused', async () => {
  const folder = temporaryFolder();
  const lock = join(folder, 'process.lock');
  writeFileSync(lock, lockOf(process.ppid));
  const storage = openStorage(`pglite:${folder}`);
  await expect(storage.open('study', ['minimize'])).rejects.toThrow(
    `pglite:${folder}: process ${process.ppid} has it open; one process at a time can. Wait for its end, or use a PostgreSQL server. ` +
      `If there is no such process, remove ${lock}.`,
  );
});

test('a folder is locked until it is closed', async () => {
  const folder = join(temporaryFolder(), 'database');
  const [first, second] = [openStorage(`pglite:${folder}`), openStorage(`pglite:${folder}`)];
  await first.open('study', ['minimize']);
  await expect(second.open('study', ['minimize'])).rejects.toThrow(`process ${process.pid} has it open`);
  await first.close();
  expect(existsSync(join(folder, 'process.lock'))).toBe(false);
}, 120_000); // PGlite takes many seconds to start on a busy machine
