/** @file One run at a time writes into an output folder: a file beside it says which. It survives a crash, and is then stale. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { explain } from '../data/file-errors.js';
import { UserError } from '../errors.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes an output folder for this process until it ends.
 *
 * @throws UserError where a run that is alive holds it
 */
export function lockOutput(output: string): void {
  const path = `${resolve(output)}.lock`;
  const holder = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, holder, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') explain(output, error);
    refuseIfAlive(path, output);
    writeFileSync(path, holder); // a crashed run's
  }
  process.once('exit', () => rmSync(path, { force: true }));
}

function refuseIfAlive(path: string, output: string): void {
  const held = readHolder(path);
  if (!held || (held.host === hostname() && (held.pid === process.pid || !isAlive(held.pid)))) return;
  const where = held.host === hostname() ? '' : ` on ${held.host}`;
  throw new UserError(
    `${output}: another run (process ${held.pid}${where}) is writing into it. Wait for its end, or give another --output. ` +
      `If there is no such run, remove ${path}.`,
  );
}

/** Undefined where the file says nothing: its run was cut off while it wrote it, or has just ended. */
function readHolder(path: string): Holder | undefined {
  try {
    const held = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof held.pid === 'number' && typeof held.host === 'string' ? (held as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
