/**
 * @file A lock that is a file: of any number of processes that want it at the same moment, on any host, one gets it.
 *
 * A lock comes whole into being, by `link()` from a file beside it. One whose holder is no more is taken over: who wants it
 * links a claim, `LOCK.claim-ID`, where ID is the old lock's own and never used again, so that each old lock has one heir.
 * The heir puts its own lock in the place of the old one. An heir that dies before that has left a claim that is a lock like
 * any other, and has an heir itself. A claim counts only if the lock is still the old one after it was made.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { isAlive, machine, startOf } from './machine.js';
import { partialPath } from './partial.js';

/** Who has a lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Host and PID namespace; locks of earlier versions have none. */
  readonly machine?: string;
  /** When the process began, where the system says it. */
  readonly start?: string;
  /** This lock's own name. */
  readonly id?: string;
}

/** In milliseconds: a holder says so often that it is alive, and counts as gone after so long a silence. */
const beat = 15_000;
const silence = 5 * 60_000;

/** A lock as it is found. */
interface Found {
  readonly id: string;
  readonly holder: Holder | undefined;
  readonly isStale: boolean;
}

/**
 * Takes a lock.
 *
 * @returns a function that releases it, or who has it
 */
export function takeLock(path: string): { readonly release: () => void } | { readonly holder: Holder } {
  const id = randomUUID();
  const own: Holder = { pid: process.pid, host: hostname(), machine, start: startOf(process.pid), id };
  const partial = partialPath(path);
  const text = JSON.stringify(own);
  writeFileSync(partial, text, { flag: 'wx' });
  try {
    for (;;) {
      if (place(partial, path)) break;
      const chain = chainOf(path, partial);
      if (chain.length === 0) continue; // it has just been released
      const last = chain.at(-1) as Found;
      if (!last.isStale && last.holder) return { holder: last.holder };
      if (!last.isStale) {
        pause(100);
        writeFileSync(partial, text); // updates its modification time, too
        continue;
      }
      const claim = claimOf(path, last.id);
      if (!place(partial, claim)) continue; // somebody else was quicker
      if (find(path, partial)?.id !== chain[0]?.id) {
        rmSync(claim, { force: true });
        continue;
      }
      renameSync(partial, path);
      for (const { id } of chain) rmSync(claimOf(path, id), { force: true });
      break;
    }
  } finally {
    rmSync(partial, { force: true });
  }
  return { release: keep(path, id) };
}

/** Says now and then that the holder is alive, as long as the lock is its own. Returns what lets it go. */
function keep(path: string, id: string): () => void {
  const file = openSync(path, 'r+');
  const text = readFileSync(file);
  const timer = setInterval(() => {
    try {
      writeSync(file, text, 0, text.length, 0); // the time of change is the sign
    } catch {
      // A disk that is away for a while is the run's matter, which says so when it writes.
    }
  }, beat).unref();
  return () => {
    clearInterval(timer);
    closeSync(file);
    if (read(path)?.id === id) rmSync(path, { force: true });
  };
}

/** Gives a file another name, if nothing has it. On file systems that have no links, by a new file. */
function place(file: string, name: string): boolean {
  try {
    try {
      linkSync(file, name);
    } catch (error) {
      if (!withoutLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      writeFileSync(name, readFileSync(file), { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const withoutLinks = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const claimOf = (path: string, id: string): string => `${path}.claim-${id}`;

/** The lock, the claim on it, the claim on that, and so on: the last one counts. */
function chainOf(path: string, partial: string): Found[] {
  const chain: Found[] = [];
  for (let next = find(path, partial); next; next = find(claimOf(path, next.id), partial)) {
    chain.push(next);
    if (!next.isStale) break;
  }
  return chain;
}

/** @param partial a file that was written just now: the file system's own clock, whatever the hosts' clocks say */
function find(path: string, partial: string): Found | undefined {
  let text: string;
  let age: number;
  let inode: number;
  try {
    const file = openSync(path, 'r');
    try {
      const { mtimeMs, ino } = fstatSync(file);
      [text, age, inode] = [readFileSync(file, 'utf8'), statSync(partial).mtimeMs - mtimeMs, ino];
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const holder = parse(text);
  // Earlier versions gave a lock no name; what a power cut left of one has none, either.
  const id = holder?.id ?? createHash('sha256').update(`${inode} ${text}`).digest('hex').slice(0, 32);
  return { id, holder, isStale: isGone(holder, age) };
}

function isGone(holder: Holder | undefined, age: number): boolean {
  if (!holder) return age > 2000; // it may be under way where there are no links
  const isHere = holder.machine === undefined ? holder.host === hostname() : holder.machine === machine;
  if (!isHere) return age > silence;
  if (!isAlive(holder.pid)) return true;
  if (holder.start) return holder.start !== startOf(holder.pid);
  return holder.machine === undefined && holder.pid === process.pid; // an earlier version's, whose number this process has got
}

function read(path: string): Holder | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Undefined where a text names nobody. */
function parse(text: string): Holder | undefined {
  try {
    const held = JSON.parse(text) as Partial<Holder> | null;
    return typeof held?.pid === 'number' && typeof held.host === 'string' ? (held as Holder) : undefined;
  } catch {
    return undefined;
  }
}
