/** @file Journals in a browser: there are no files that several programs write. */
import { UserError } from '../../../platform/errors.js';
import type { Journal } from './journal.js';

/** @throws UserError in a browser */
export function openJournal(path: string): Journal {
  throw new UserError(`${path}: a browser has no journal files; leave storage out, and the study is in memory`);
}
