/** @file Opens PostgreSQL storages: a server by its URL, or the embedded one by its folder. */
import { UserError } from '../../../platform/errors.js';
import type { StudyStorage } from '../storage.js';
import { openPglite } from './node/pglite.js';
import { PostgresStorage } from './node/postgres-storage.js';
import { openServer } from './node/server.js';

/**
 * @param place `postgres://...`; `postgres` for the URL in the environment variable DATABASE_URL; or `pglite:FOLDER`
 * @param goneAfter milliseconds of silence after which a worker counts as gone
 */
export async function openPostgres(place: string, goneAfter: number): Promise<StudyStorage> {
  const [, folder] = /^pglite:(.+)$/.exec(place) ?? [];
  if (folder !== undefined) return new PostgresStorage(await openPglite(folder), goneAfter);
  const url = place === 'postgres' ? process.env.DATABASE_URL : place;
  if (!url)
    throw new UserError(
      'storage postgres: the environment variable DATABASE_URL is not set; expected postgres://user:password@host:5432/name',
    );
  return new PostgresStorage(await openServer(url), goneAfter);
}
