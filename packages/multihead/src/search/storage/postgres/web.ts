/** @file PostgreSQL in a browser: there is no way to a server. */
import { UserError } from '../../../platform/errors.js';
import type { StudyStorage } from '../storage.js';

/** @throws UserError in a browser */
export function openPostgres(place: string, _: number): Promise<StudyStorage> {
  throw new UserError(`${place}: a browser reaches no PostgreSQL; leave storage out, and the study is in memory`);
}
