/** @file Storages by what names them: the path of a journal, or a database. */

import { z } from 'zod';
import { openJournal } from '#journal';
import { openPostgres } from '#postgres';
import { UserError } from '../../platform/errors.js';
import { parseOptions } from '../../platform/option-schemas.js';
import { showValue } from '../../platform/show-value.js';
import { withoutPassword } from '../../platform/without-password.js';
import { JournalStorage } from './journal/journal-storage.js';
import type { StudyStorage } from './storage.js';

const schema = z.object({
  expireAfter: z
    .number()
    .gt(0)
    .default(300)
    .describe('seconds of silence after which a worker counts as gone, and its trial waits for another'),
});

/** Options of {@link openStorage}. */
export interface StorageOptions {
  /** Seconds of silence after which a worker counts as gone, and its trial waits for another. Default: 300. */
  readonly expireAfter?: number | undefined;
}

/**
 * Opens a storage that several processes share.
 *
 * @param place path of a journal file, which Optuna (`JournalStorage(JournalFileBackend(path))`) and optuna-dashboard read;
 *   `postgres://user@host/name`, or `postgres` for the URL in the environment variable DATABASE_URL (needs the package `pg`);
 *   or `pglite:FOLDER`, PostgreSQL in this process (needs `@electric-sql/pglite`)
 * @throws UserError for unknown options, an empty place, and URLs of other databases
 * @example
 * const storage = openStorage('search.journal');
 * await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 3, storage });
 */
export function openStorage(place: string, options: StorageOptions = {}): StudyStorage {
  const { expireAfter } = parseOptions(schema, options, { of: 'openStorage' });
  const goneAfter = 1000 * expireAfter;
  if (typeof place !== 'string' || place === '') {
    throw new UserError(
      `openStorage: place is ${showValue(place)}; the path of a journal file, or a database was expected`,
    );
  }
  if (!isDatabase(place) && /^([a-z][a-z\d+.-]*:\/\/|(postgres|postgresql|pglite):)/i.test(place)) {
    throw new UserError(
      `storage ${withoutPassword(place)}: there is no such storage; there are: the path of a journal file, postgres://USER@HOST/NAME, ` +
        'postgres for the URL in DATABASE_URL, and pglite:FOLDER',
    );
  }
  if (!isDatabase(place)) return new JournalStorage(openJournal(place), goneAfter);
  let opened: Promise<StudyStorage> | undefined;
  return {
    place: withoutPassword(place),
    async open(name, directions) {
      opened ??= openPostgres(place, goneAfter);
      return (await opened).open(name, directions);
    },
    close: async () => (await opened?.catch(() => undefined))?.close(), // one that could not be opened is closed
  };
}

/** Whether a place is a database rather than a file. */
export const isDatabase = (place: string): boolean => /^(postgres|postgres(ql)?:\/\/.*|pglite:.+)$/.test(place);
