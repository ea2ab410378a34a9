/** @file PostgreSQL embedded in this process (PGlite), its data in a folder. One process at a time opens it. */
import { UserError } from '../../../../platform/errors.js';
import type { Database, Query } from './database.js';

/** @throws UserError where the package is not installed, or the folder is another process's */
export async function openPglite(folder: string): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    throw new UserError(
      `pglite:${folder}: needs the package @electric-sql/pglite; run npm install @electric-sql/pglite`,
      {
        cause: error,
      },
    );
  });
  const database = await PGlite.create(folder);
  const queryOf =
    (on: Pick<typeof database, 'query'>): Query =>
    async (sql, values = []) =>
      (await on.query<Record<string, unknown>>(sql, [...values])).rows;
  return {
    place: `pglite:${folder}`,
    query: queryOf(database),
    transaction: (action) => database.transaction((transaction) => action(queryOf(transaction))),
    isAway: () => false,
    close: () => database.close(),
  };
}
