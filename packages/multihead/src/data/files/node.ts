/** @file Files on Node: whole, by range, and written so that nobody ever sees half of one. Browsers: `web.ts`. */
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UserError } from '../../errors.js';
import { explain, reasons } from '../file-errors.js';

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
 * reached in several ways, by a link to it or to one above it, is gone through once.
 *
 * @returns paths, sorted by their UTF-16 units
 * @throws UserError naming what was given, where it stands for no file
 */
export async function findFiles(source: string): Promise<string[]> {
  const found = await stat(source).catch((error) => (absent.has(error.code) ? undefined : explain(source, error)));
  if (found && !found.isDirectory()) return [join(source)];
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

/** A whole file as UTF-8 text, without a byte order mark. Invalid UTF-8 is an error that says where. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${path}: not valid UTF-8 text. Convert the file to UTF-8 first (iconv -t UTF-8).`);
  }
}

/** What a file is made of: text, bytes, or pieces of either one after the other. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array>;

/** A file that is written beside its name, and has its name once it is whole. */
export interface FileWriter {
  write(piece: string | Uint8Array): Promise<void>;
  /** Flushes the file and renames it: a reader sees the old file or the new, never a part. */
  commit(): Promise<void>;
  /** Removes what was written; after `commit`, nothing. */
  abandon(): Promise<void>;
}

/** Begins a file beside its name, in folders that are made if they are not there. */
export async function createFile(path: string): Promise<FileWriter> {
  const partial = `${path}.partial-${process.pid}`;
  await makeDirectory(dirname(path));
  const file = await open(partial, 'w').catch((error) => explain(path, error));
  return {
    write: (piece) => file.writeFile(piece).catch((error) => explain(path, error)),
    async commit() {
      try {
        await file.sync();
        await file.close();
        await rename(partial, path);
      } catch (error) {
        explain(path, error);
      }
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

/** Writes a file beside its name, flushes it and renames it: a reader sees the old file or the new, never a part. */
export async function writeAtomically(path: string, content: Content): Promise<void> {
  const file = await createFile(path);
  try {
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for (const piece of pieces) await file.write(piece);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** Makes a folder and those above it. */
export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(async (error) => {
    // On a read-only file system Node says here that there is no such folder; of the topmost that lacks, it says why.
    let lacking = path;
    while (lacking !== dirname(lacking) && !(await exists(dirname(lacking)))) lacking = dirname(lacking);
    if (error.code === 'ENOENT') await mkdir(lacking).catch((reason) => explain(path, reason));
    explain(path, error);
  });
}

/** The names in a folder, sorted. */
export async function listDirectory(path: string): Promise<string[]> {
  return (await readdir(path).catch((error) => explain(path, error))).sort();
}

/** Removes a file or a whole folder; what is not there is no error. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error) => explain(path, error));
}

/** Renames a file or folder. */
export async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error) => explain(from, error));
}

/** Whether a file lies in a folder or below it. */
export const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
};

/** The name by which a path says what it is: the path itself, as `#` and `?` are characters of a name here. */
export const nameIn = (path: string): string => path;

/** Joins parts of a path. */
export const joinPath = (...parts: string[]): string => join(...parts);
