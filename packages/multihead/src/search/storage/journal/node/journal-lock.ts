/**
 * @file The lock of Optuna's journal: `FILE.lock`, a symbolic link (JournalFileSymlinkLock), or a file where there are no
 * links (JournalFileOpenLock). Whoever finds one that nothing has happened under for 30 seconds takes it away, as Optuna does.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { explain } from '../../../../platform/files/file-errors.js';

/** In milliseconds, as Optuna has them. */
const gracePeriod = 30_000;
const longestPause = 100;

/** Runs an action under the lock of a journal. */
export async function withJournalLock(path: string, action: () => void): Promise<void> {
  const lock = `${path}.lock`;
  await acquire(path, lock);
  try {
    action();
  } finally {
    release(lock);
  }
}

async function acquire(path: string, lock: string): Promise<void> {
  let pause = 1;
  let seen = '';
  let since = performance.now();
  while (!place(path, lock)) {
    const now = signOf(lock);
    if (now !== seen) {
      seen = now;
      since = performance.now();
    }
    if (performance.now() - since > gracePeriod && signOf(lock) === seen) release(lock);
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(2 * pause, longestPause);
  }
}

/** Makes the lock. Others find it by its name; its target is the journal, by whose changes Optuna sees that its holder lives. */
function place(path: string, lock: string): boolean {
  try {
    try {
      symlinkSync(path, lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      closeSync(openSync(lock, 'wx')); // Windows makes links for administrators only
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    explain(lock, error);
  }
}

/** What changes while a holder works: the lock itself, and the journal. */
function signOf(lock: string): string {
  try {
    const { ino, mtimeMs } = lstatSync(lock);
    return `${ino} ${mtimeMs} ${statSync(lock, { throwIfNoEntry: false })?.mtimeMs}`;
  } catch {
    return ''; // it has just been released
  }
}

/** By another name first: of several who take an old lock away, one does. */
function release(lock: string): void {
  const renamed = `${lock}${randomUUID()}.rename`;
  try {
    renameSync(lock, renamed);
    rmSync(renamed, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') explain(lock, error);
  }
}
