/**
 * @file The names of what is being written: `NAME.partial-MACHINE-PID-RANDOM` beside NAME. No two writers have the same one,
 * whatever host, container or thread they are in, and who finds one later sees whether its writer can still be at work.
 */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, machine } from './machine.js';

const pattern = /^(.+)\.partial-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/;

/** The bytes that file systems grant a name, less those that a partial name adds. */
const longest = 255 - '.partial-01234567-0123456789-01234567'.length;

/** A new name beside a path. Of a path whose name leaves no room for it, the beginning. */
export function partialPath(path: string): string {
  let name = basename(path);
  while (Buffer.byteLength(name) > longest) name = [...name].slice(0, -1).join('');
  return join(dirname(path), `${name}.partial-${machine}-${process.pid}-${randomBytes(4).toString('hex')}`);
}

/** The name that a partial file or folder was to have; undefined for names of other kinds. */
export function nameOfPartial(path: string): string | undefined {
  return pattern.exec(basename(path))?.[1];
}

/** In milliseconds: nobody writes for so long without adding anything. */
const patience = 24 * 3600 * 1000;

/**
 * Whether a partial file or folder is of a writer that is no more. Of one on another machine nothing is known but when it
 * wrote last: it counts as gone after a day.
 */
export async function isAbandoned(path: string): Promise<boolean> {
  const [, , where, pid] = pattern.exec(basename(path)) ?? [];
  if (where === undefined) return false;
  if (where === machine) return !isAlive(Number(pid));
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > patience;
}
