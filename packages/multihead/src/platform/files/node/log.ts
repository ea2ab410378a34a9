/** @file Files that grow during a run: never written through a symbolic link; existing content is kept on request. */
import { appendFileSync, closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../errors.js';
import { explain } from '../file-errors.js';
import { makeDirectoryNow } from './now.js';
import { partialPath } from './partial.js';

/** A file to whose end is written. */
export interface Log {
  write(piece: string | Uint8Array): void;
  /** Brings what was written to the disk. */
  flush(): void;
  /** Flushes and closes it. */
  close(): void;
}

/** Makes a new file, and never opens one that is there, nor what a link points to. (Windows has no O_NOFOLLOW.) */
const newFile =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** Begins a file that is not there, in a folder that is made if need be. */
export function createLog(path: string): Log {
  makeDirectoryNow(dirname(path));
  return logOf(path, path);
}

/**
 * Begins a file with what it is to hold of an earlier one, which it replaces once that is on the disk.
 *
 * @throws UserError where something else than a regular file is: a link may have come there since the run began
 */
export function replaceLog(path: string, kept: string): Log {
  makeDirectoryNow(dirname(path));
  checkLogPlace(path);
  const partial = partialPath(path);
  const log = logOf(partial, path);
  try {
    log.write(kept);
    log.flush();
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    log.close();
    rmSync(partial, { force: true });
    explain(path, error);
  }
  return log;
}

/** @param name how messages call it */
function logOf(path: string, name: string): Log {
  const told = <Result>(action: () => Result): Result => {
    try {
      return action();
    } catch (error) {
      return explain(name, error);
    }
  };
  const file = told(() => openSync(path, newFile));
  let isOpen = true;
  return {
    write: (piece) => told(() => appendFileSync(file, piece)),
    flush: () => told(() => fsyncSync(file)),
    close() {
      if (!isOpen) return;
      isOpen = false;
      told(() => fsyncSync(file));
      told(() => closeSync(file));
    },
  };
}

/** What systems say that cannot flush a folder, or not as this user: there is nothing to be done then. */
const unable = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!unable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Refuses a place for a log where something else is than a regular file.
 *
 * @throws UserError naming what occupies the path
 */
export function checkLogPlace(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isFile()) return;
  const kind =
    (found.isDirectory() && 'a folder') ||
    (found.isSymbolicLink() && 'a symbolic link') ||
    (found.isFIFO() && 'a named pipe') ||
    'no regular file';
  throw new UserError(`${path}: is ${kind}; a file is written there. Remove it, or give another output folder.`);
}
