/** @file Files on Node: whole, by range, and written so that nobody ever sees half of one. Browsers: `web.ts`. */
import { lstat, mkdtemp, open, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decodeText } from '../bytes/text-encoding.js';
import { UserError } from '../errors.js';
import { explain, reasons } from './file-errors.js';
import { renameDurably, syncFolder } from './node/durable.js';

export { type AppendedFile, appendTo } from './node/appended.js';
export { lockFolder } from './node/folder-lock.js';
export type { Holder } from './node/lock.js';
export { checkLogPlace, createLog, type Log, replaceLog } from './node/log.js';
export { makeDirectory } from './node/make-directory.js';
export { readBytesNow, readTextNow } from './node/now.js';
export { isAbandoned, nameOfPartial, partialPath } from './node/partial.js';
export { writeTogether } from './node/together.js';
export { type Content, checkReplaceable, createFile, type FileWriter, writeAtomically } from './node/writer.js';

/** Whether something lies at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The size of a file in bytes. */
export async function fileSize(path: string): Promise<number> {
  return (await stat(path).catch((error) => explain(path, error))).size;
}

/** A file's size in bytes, and when it was last changed, in milliseconds since 1970. */
export async function fileStamp(path: string): Promise<{ size: number; modified: number }> {
  const { size, mtimeMs } = await stat(path).catch((error) => explain(path, error));
  return { size, modified: Math.floor(mtimeMs) };
}

/**
 * The files that a name stands for: a file itself; all files of a folder, those of its folders too; the files that a
 * pattern such as `corpus/**\/*.txt` matches. What begins with a dot is left out of folders and patterns. A folder that is
 * reached in several ways, by a link to it or to one above it, is listed once.
 *
 * @returns paths, sorted by their UTF-16 units
 * @throws UserError naming what was given, where it stands for no file
 */
export async function findFiles(source: string): Promise<string[]> {
  const found = await stat(source).catch((error) => (absent.has(error.code) ? undefined : explain(source, error)));
  if (found && !found.isDirectory()) return [join(source)];
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const isPattern = !found && isDynamicPattern(source);
  if (!found && !isPattern) throw new UserError(`${source}: ${reasons.ENOENT}`);
  const options = { expandDirectories: false, absolute: !found && isAbsolute(source), cwd: found ? source : '.' };
  const names = await glob(found ? '**/*' : source, options);
  if (names.length === 0)
    throw new UserError(`${source}: ${found ? 'the folder holds' : 'the pattern matches'} no files`);
  return (await once(names.map((name) => (found ? join(source, name) : join(name))))).sort();
}

/** Of the ways to each file of each folder, the shortest: a link to a folder above would give all its files again. */
async function once(paths: readonly string[]): Promise<string[]> {
  const folders = new Map<string, string>();
  const ways = new Map<string, string>();
  for (const path of [...paths].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const folder = dirname(path);
    if (!folders.has(folder)) folders.set(folder, await realpath(folder).catch((error) => explain(folder, error)));
    const real = join(folders.get(folder) as string, basename(path));
    if (!ways.has(real)) ways.set(real, path);
  }
  return [...ways.values()];
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** In bytes: large enough that reading is fast, small enough that what is made of a piece is soon forgotten. */
const chunk = 1 << 17;

/** The bytes of a file, one piece of up to 128 KiB after the other; of `-`, those of standard input. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (path === '-') {
    yield* process.stdin as AsyncIterable<Uint8Array<ArrayBuffer>>;
    return;
  }
  const file = await open(path).catch((error) => explain(path, error));
  try {
    for (;;) {
      const bytes = new Uint8Array(chunk);
      const { bytesRead } = await file.read(bytes, 0, bytes.length).catch((error) => explain(path, error));
      if (bytesRead === 0) return;
      yield bytes.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** What gzip packed: all members of a file, one after the other. (`DecompressionStream` takes one only, from Node 24 on.) */
export function unpackGzip(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  return pipeline(chunks, createGunzip({ chunkSize: chunk }), () => undefined); // who reads hears of errors, too
}

/** A whole file. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path).catch((error) => explain(path, error));
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes [start, end) of a file. */
export async function readRange(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  const file = await open(path).catch((error) => explain(path, error));
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file
        .read(bytes, filled, Math.min(bytes.length - filled, 1 << 30), start + filled)
        .catch((error) => explain(path, error));
      if (bytesRead === 0) throw new UserError(`${path}: ends at byte ${start + filled}; ${end} were expected`);
      filled += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

/** A whole text file, without a byte order mark. @throws UserError for what is neither UTF-8 nor, by its mark, UTF-16 */
export const readText = async (path: string): Promise<string> => decodeText(await readBytes(path), path);

/**
 * A whole text file of a model or a tokenizer, which cannot be endless: a regular file of at most so many bytes.
 *
 * @throws UserError for what is larger, and for a device or a pipe, of which the end may never come
 */
export async function readTextAtMost(path: string, most = 64 << 20): Promise<string> {
  const found = await stat(path).catch((error) => explain(path, error));
  if (!found.isFile()) throw new UserError(`${path}: not a regular file; a text file was expected`);
  if (found.size > most) {
    throw new UserError(`${path}: has ${found.size} bytes; at most ${most} are read of a file of this kind`);
  }
  return readText(path);
}

/** Makes a folder of its own among the system's temporary ones. */
export const temporaryFolder = (prefix: string): Promise<string> => mkdtemp(join(tmpdir(), prefix));

/** The names in a folder, sorted. */
export async function listDirectory(path: string): Promise<string[]> {
  return (await readdir(path).catch((error) => explain(path, error))).sort();
}

/** Removes a file or a whole folder, and flushes the names; what is not there is no error. */
export async function remove(path: string): Promise<void> {
  if (!(await lstat(path).catch(() => undefined))) return;
  await rm(path, { recursive: true, force: true }).catch((error) => explain(path, error));
  await syncFolder(dirname(path)).catch((error) => explain(path, error));
}

/** Renames a file or folder, and flushes the names. */
export async function move(from: string, to: string): Promise<void> {
  await renameDurably(from, to).catch((error) => explain(from, error));
}

/** Whether a file lies in a folder or below it. */
export const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
};

/** The name by which a path says what it is: the path itself, as `#` and `?` are characters of a name here. */
export const nameIn = (path: string): string => path;

/**
 * The one path of a file or folder, whatever links and dots the given one has. What is not there yet has the real path of
 * the folder that it would be in.
 */
export async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch (error) {
    if (!absent.has((error as NodeJS.ErrnoException).code ?? '') || dirname(whole) === whole) explain(path, error);
    return join(await realPath(dirname(whole)), basename(whole));
  }
}

/** Joins parts of a path. */
export const joinPath = (...parts: string[]): string => join(...parts);
