/** @file One run at a time writes into an output folder: a file in it says which. It survives a crash, and is then stale. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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
  const folder = resolve(output);
  const path = join(folder, 'run.lock');
  const holder = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
  let isNew = false;
  try {
    isNew = makeFolder(folder);
    writeFileSync(path, holder, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') explain(output, error);
    refuseIfAlive(path, output);
    writeFileSync(path, holder); // a crashed run's
  }
  if (releases.length === 0) process.once('exit', releaseAll);
  releases.push(() => {
    rmSync(path, { force: true });
    if (isNew && existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder); // a run that did not come to its first step
  });
}

/** What is done when the process ends, by one listener: of more than ten, for ten seeds, Node would warn. */
const releases: (() => void)[] = [];

function releaseAll(): void {
  for (const release of releases) release();
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
