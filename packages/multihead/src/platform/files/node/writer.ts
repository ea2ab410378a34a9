/** @file Files that are written beside their names: a reader sees the old file or the new, never a part, even after a power cut. */
import { constants, rmSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../errors.js';
import { explain } from '../file-errors.js';
import { renameDurably } from './durable.js';
import { makeDirectory } from './make-directory.js';
import { partialPath } from './partial.js';

/** What a file is made of: text, bytes, or pieces of either one after the other, perhaps made while it is written. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** A file that is written beside its name, and has its name once it is whole. */
export interface FileWriter {
  write(piece: string | Uint8Array): Promise<void>;
  /** Writes over bytes that were written before. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  /** Brings what was written to the disk; nothing can be added after that. */
  flush(): Promise<void>;
  /** Flushes the file and renames it: a reader sees the old file or the new, never a part. */
  commit(): Promise<void>;
  /** Removes what was written; after `commit`, nothing. */
  abandon(): Promise<void>;
  /** The same, at once: for a process that ends. */
  abandonNow(): void;
}

/** Makes a new file, and never opens one that is there, nor what a link points to. (Windows has no O_NOFOLLOW.) */
const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Refuses what a renamed file must not take the place of: a device, a pipe or a folder, also behind a link.
 *
 * @throws UserError where the path is there and no regular file
 */
export async function checkReplaceable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile()) return;
  const kind = found.isDirectory() ? 'a folder' : 'a device or a pipe';
  throw new UserError(`${path}: is ${kind}, which a file does not replace; the name of a file was expected`);
}

/** Begins a file beside its name, in folders that are made if they are not there. */
export async function createFile(path: string): Promise<FileWriter> {
  const partial = partialPath(path);
  await checkReplaceable(path);
  await makeDirectory(dirname(path));
  const file = await open(partial, newFile).catch((error) => explain(path, error));
  let isFlushed = false;
  const flush = async () => {
    if (isFlushed) return;
    await file.sync().catch((error) => explain(path, error));
    await file.close().catch((error) => explain(path, error));
    isFlushed = true;
  };
  return {
    flush,
    write: (piece) => file.writeFile(piece).catch((error) => explain(path, error)),
    async writeAt(position, bytes) {
      await file.write(bytes, 0, bytes.length, position).catch((error) => explain(path, error));
    },
    async commit() {
      await flush();
      await renameDurably(partial, path).catch((error) => explain(path, error));
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
    abandonNow: () => rmSync(partial, { force: true }),
  };
}

/** Writes a file beside its name, flushes it and renames it: a reader sees the old file or the new, never a part. */
export async function writeAtomically(path: string, content: Content): Promise<void> {
  const file = await createFile(path);
  try {
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for await (const piece of pieces) await file.write(piece);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
