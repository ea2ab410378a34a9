/** @file One run at a time writes into an output folder: a lock in it says which. It survives a crash, and is then stale. */
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { exists, type Holder, lockFolder } from '#files';
import { UserError } from '../../platform/errors.js';
import { beforeEnd } from '../exit.js';

/**
 * Locks an output folder for this process until it ends or releases it.
 *
 * @returns a function that releases it
 * @throws UserError where a run that is alive holds it
 */
export function lockOutput(output: string): () => void {
  const folder = resolve(output);
  const own = held.get(folder);
  if (own) return own;
  const taken = lockFolder(folder, lockName);
  if ('holder' in taken) throw new UserError(heldBy(taken.holder, output, join(folder, lockName)));
  if (held.size === 0) letProcessEnd = beforeEnd(releaseAll);
  const letGo = (): void => {
    held.delete(folder);
    taken.release();
    if (held.size === 0) letProcessEnd();
  };
  held.set(folder, letGo);
  return letGo;
}

/** Waits until no run that is alive writes into a folder: one that was interrupted may still be saving. `signal` ends the wait. */
export async function untilFree(output: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await exists(join(output, lockName)))) {
    const taken = lockFolder(resolve(output), lockName);
    if ('release' in taken) {
      taken.release();
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

const lockName = 'run.lock';

/** What is done when the process ends, by one listener: of more than ten, for ten seeds, Node would warn. */
const held = new Map<string, () => void>();
let letProcessEnd = (): void => undefined;

function releaseAll(): void {
  for (const release of held.values()) release();
}

function heldBy({ pid, host }: Holder, output: string, path: string): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return (
    `${output}: another run (process ${pid}${where}) is writing into it. Wait for its end, or give another --output. ` +
    `If there is no such run, remove ${path}.`
  );
}
