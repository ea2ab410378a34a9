/** @file One run at a time writes into an output folder: a lock in it says which. It survives a crash, and is then stale. */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Holder, takeLock } from '#files';
import { explain } from '../data/file-errors.js';
import { UserError } from '../errors.js';
import { beforeEnd } from './ending.js';

/**
 * Takes an output folder for this process until it ends.
 *
 * @throws UserError where a run that is alive holds it
 */
export function lockOutput(output: string): void {
  const folder = resolve(output);
  if (held.has(folder)) return;
  const path = join(folder, 'run.lock');
  let isNew = false;
  let taken: ReturnType<typeof takeLock>;
  try {
    isNew = makeFolder(folder);
    taken = takeLock(path);
  } catch (error) {
    explain(output, error);
  }
  if ('holder' in taken) throw new UserError(heldBy(taken.holder, output, path));
  const { release } = taken;
  if (held.size === 0) beforeEnd(releaseAll);
  held.set(folder, () => {
    release();
    if (isNew && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder); // a run that did not come to its first step
  });
}

/** What is done when the process ends, by one listener: of more than ten, for ten seeds, Node would warn. */
const held = new Map<string, () => void>();

function releaseAll(): void {
  for (const release of held.values()) release();
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

function heldBy({ pid, host }: Holder, output: string, path: string): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return (
    `${output}: another run (process ${pid}${where}) is writing into it. Wait for its end, or give another --output. ` +
    `If there is no such run, remove ${path}.`
  );
}
