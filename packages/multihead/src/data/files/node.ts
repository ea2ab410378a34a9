/** @file Files on Node: whole, by range, and written so that nobody ever sees half of one. Browsers: `web.ts`. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { glob } from 'tinyglobby';
import { UserError } from '../../errors.js';

const reasons: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'is a folder; a file was expected',
  ENOTDIR: 'is a file; a folder was expected',
  EEXIST: 'is a file; a folder was expected',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/** Bytes read at a time. */
const blockSize = 1 << 18;

/** Turns what the operating system says into words with the path. */
function explain(path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code in reasons) throw new UserError(`${path}: ${reasons[code]}`, { cause: error });
  throw error;
}

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
      const { bytesRead } = await file.read(bytes, filled, Math.min(bytes.length - filled, 1 << 30), start + filled);
      if (bytesRead === 0) throw new UserError(`${path}: ends at byte ${start + filled}; ${end} were expected`);
      filled += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

/** A file's bytes one after the other, in blocks of at most 256 kB. */
export async function* readBlocks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path).catch((error) => explain(path, error));
  try {
    for (;;) {
      const { buffer, bytesRead } = await file
        .read(new Uint8Array(blockSize), 0, blockSize, null)
        .catch((error) => explain(path, error));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
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

/** Writes a file beside its name, flushes it and renames it: a reader sees the old file or the new, never a part. */
export async function writeAtomically(path: string, content: Content): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  await makeDirectory(dirname(path));
  const file = await open(partial, 'w').catch((error) => explain(path, error));
  try {
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    explain(path, error);
  }
}

/** Makes a folder and those above it. */
export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error) => explain(path, error));
}

/** The names in a folder, sorted. */
export async function listDirectory(path: string): Promise<string[]> {
  return (await readdir(path).catch((error) => explain(path, error))).sort();
}

/**
 * The files that names and patterns stand for, each once: a name that exists stands for itself, a pattern (`*`, `**`,
 * `?`, `{a,b}`, `[abc]`) for what it matches, sorted; like a shell's, not for names that begin with a dot.
 *
 * @throws UserError for a name or pattern that stands for nothing, and for a folder
 */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const kind = await stat(pattern).catch(() => undefined);
    if (kind?.isDirectory()) {
      throw new UserError(
        `${pattern}: is a folder; files were expected. Give a pattern, such as '${pattern}/**/*.txt'.`,
      );
    }
    const paths = kind
      ? [pattern]
      : (await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false })).sort();
    if (paths.length === 0) throw new UserError(`${pattern}: no such file, and no file matches it as a pattern`);
    for (const path of paths) found.add(path);
  }
  return [...found];
}

/** Removes a file or a whole folder; what is not there is no error. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error) => explain(path, error));
}

/** Renames a file or folder. */
export async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error) => explain(from, error));
}

/** Joins parts of a path. */
export const joinPath = (...parts: string[]): string => join(...parts);
