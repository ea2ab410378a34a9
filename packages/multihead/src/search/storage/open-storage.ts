/** @file Storages by what names them: the path of a journal. */
import { openJournal } from '#journal';
import { JournalStorage } from './journal/journal-storage.js';
import type { StudyStorage } from './storage.js';

/**
 * Opens a storage that several processes share.
 *
 * @param place path of a journal file, which Optuna (`JournalStorage(JournalFileBackend(path))`) and optuna-dashboard read
 * @example
 * const storage = openStorage('search.journal');
 * await search({ objective: (trial) => trial.suggestFloat('x', 0, 1), trials: 3, storage });
 */
export function openStorage(place: string): StudyStorage {
  return new JournalStorage(openJournal(place));
}
