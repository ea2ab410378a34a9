/** @file PostgreSQL embedded in this process (PGlite), its data in a folder. One process at a time opens it. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../../platform/errors.js';
import { lockFolder } from '../../../../platform/files/node/folder-lock.js';
import type { Database, Query } from './database.js';

const lockName = 'process.lock';

/**
 * @param folder of the data; `memory://` for none
 * @throws UserError where the package is not installed, or another process has the folder open
 */
export async function openPglite(folder: string): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    throw new UserError(
      `pglite:${folder}: needs the package @electric-sql/pglite; run npm install @electric-sql/pglite`,
      {
        cause: error,
      },
    );
  });
  const release = lock(folder);
  const database = await PGlite.create(folder).catch((error: unknown) => {
    release();
    throw error;
  });
  const queryOf =
    (on: Pick<typeof database, 'query'>): Query =>
    async (sql, values = []) =>
      (await on.query<Record<string, unknown>>(sql, [...values])).rows;
  return {
    place: `pglite:${folder}`,
    query: queryOf(database),
    transaction: (action) => database.transaction((transaction) => action(queryOf(transaction))),
    isAway: () => false,
    close: () => database.close().finally(release),
  };
}

/** Locks a folder for this process: two that write into it would destroy the data. Returns what releases it. */
function lock(folder: string): () => void {
  if (folder.startsWith('memory://')) return () => undefined;
  const taken = lockFolder(folder, lockName);
  if ('release' in taken) return taken.release;
  const { pid, host } = taken.holder;
  const where = host === hostname() ? '' : ` on ${host}`;
  throw new UserError(
    `pglite:${folder}: process ${pid}${where} has it open; one process at a time can. Wait for its end, or use a PostgreSQL server. ` +
      `If there is no such process, remove ${join(folder, lockName)}.`,
  );
}
