/** @file Files that are read and made at once, for code that cannot wait: options while they are parsed, listeners of events. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { UserError } from '../../errors.js';
import { explain, reasons } from '../file-errors.js';

/** The most bytes that are read at once. */
const most = 64 << 20;

/**
 * A whole text file, as `readTextAtMost` reads it, but now.
 *
 * @throws UserError for what is no regular file, is too large, or is not UTF-8
 */
export function readTextNow(path: string): string {
  const bytes = readBytesNow(path);
  if (!bytes) throw new UserError(`${path}: ${reasons.ENOENT}`);
  if (bytes.length > most) {
    throw new UserError(`${path}: has ${bytes.length} bytes; at most ${most} are read of a file of this kind`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${path}: not valid UTF-8 text. Convert the file to UTF-8 first (iconv -t UTF-8).`);
  }
}

/** A whole regular file, or undefined where nothing is. Of a device or a pipe the end may never come. */
export function readBytesNow(path: string): Uint8Array | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (found.isFile()) return readFileSync(path);
  } catch (error) {
    explain(path, error);
  }
  throw new UserError(`${path}: not a regular file`);
}

/** Makes a folder and those above it, where they are not there. */
export function makeDirectoryNow(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    explain(path, error);
  }
}
