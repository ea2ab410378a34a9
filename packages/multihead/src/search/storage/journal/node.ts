/**
 * @file Optuna's journal file (JournalFileBackend): JSON lines that are only added to, under a lock that is a file beside it.
 * A line that a crash left half-written was never part of the journal; who writes next takes it away.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeDirectory } from '#files';
import { UserError } from '../../../platform/errors.js';
import { explain } from '../../../platform/files/file-errors.js';
import { isAlive, machine, startOf } from '../../../platform/files/node/machine.js';
import { type JournalEntry, readEntry, writeEntry } from './entries.js';
import type { Journal, WorkerIdentity } from './journal.js';
import { withJournalLock } from './node/journal-lock.js';

const newline = 10;

/**
 * Opens a journal; a file that is not there begins with its first entry.
 *
 * @throws UserError for a folder
 */
export function openJournal(path: string): Journal {
  if (isFolder(path)) {
    throw new UserError(
      `storage ${path}: is a folder; the path of a journal file was expected, such as ${join(path, 'search.journal')}`,
    );
  }
  return new JournalFile(resolve(path));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    return explain(path, error);
  }
}

class JournalFile implements Journal {
  readonly worker: WorkerIdentity = { machine, pid: process.pid, start: startOf(process.pid) };
  /** What has been read: bytes, and lines. */
  private offset = 0;
  private lines = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly place: string) {}

  isGone({ machine: other, pid, start }: WorkerIdentity): boolean {
    if (other !== machine) return false;
    return !isAlive(pid) || (start !== '' && start !== startOf(pid));
  }

  read(): JournalEntry[] {
    const bytes = this.unread();
    const end = bytes.lastIndexOf(newline) + 1; // what stands behind it is half a line
    const texts = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
    const entries = texts.map((text, i) => readEntry(text, `${this.place}:${this.lines + i + 1}`));
    this.offset += end;
    this.lines += texts.length;
    return entries;
  }

  private unread(): Buffer {
    let file: number;
    try {
      file = openSync(this.place, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') explain(this.place, error);
      if (this.offset > 0) throw this.lost('removed');
      return Buffer.alloc(0);
    }
    try {
      if (fstatSync(file).size < this.offset) throw this.lost('shortened');
      return readFrom(file, this.offset);
    } finally {
      closeSync(file);
    }
  }

  private lost(what: string): UserError {
    return new UserError(
      `${this.place}: the journal was ${what} while its studies were open; nothing more is written to it`,
    );
  }

  /** Runs actions one after the other, since the lock belongs to this process rather than to one of its trials. */
  exclusively(action: () => readonly JournalEntry[]): Promise<void> {
    const run = this.last.then(async () => {
      await makeDirectory(dirname(this.place));
      await withJournalLock(this.place, () => {
        while (!this.append(action().map(writeEntry).join('')));
      });
    });
    this.last = run.catch(() => undefined);
    return run;
  }

  /**
   * Appends lines to those that `action` has read, and removes a line behind them that is cut off. Appends nothing if there are whole
   * lines that it has not read: this process was stopped meanwhile, for so long that another one took over the lock.
   *
   * @returns false if `action` is to read those lines and decide again
   */
  private append(text: string): boolean {
    if (text === '') return true;
    try {
      const file = openSync(this.place, 'a+');
      try {
        const unread = readFrom(file, this.offset);
        if (unread.includes(newline)) return false;
        if (unread.length > 0) ftruncateSync(file, this.offset);
        writeSync(file, text);
        fsyncSync(file);
        return true;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      explain(this.place, error);
    }
  }
}

/** The bytes of a file from an offset on. */
function readFrom(file: number, offset: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
