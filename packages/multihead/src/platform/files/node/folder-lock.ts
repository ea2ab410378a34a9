/** @file A folder that one process at a time has, by a lock in it. */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explain } from '../file-errors.js';
import { type Holder, takeLock } from './lock.js';

/**
 * Makes a folder, if it is not there, and takes the lock of that name in it. Letting go removes a folder that was made and
 * is still empty.
 *
 * @returns a function that releases it, or who has it
 */
export function lockFolder(
  folder: string,
  name: string,
): { readonly release: () => void } | { readonly holder: Holder } {
  try {
    const isNew = makeFolder(folder);
    const taken = takeLock(join(folder, name));
    if ('holder' in taken) return taken;
    return {
      release() {
        taken.release();
        if (isNew && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
      },
    };
  } catch (error) {
    return explain(folder, error);
  }
}

/** Returns whether it was not there before. By itself, since making its parents, too, hides that a disk is read-only. */
function makeFolder(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
