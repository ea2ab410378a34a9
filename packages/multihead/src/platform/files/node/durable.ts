/** @file Names that survive a power cut: a new or changed name is on the disk once its folder is flushed. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What systems say that cannot flush a folder, or not as this user: there is nothing to be done then. */
const unable = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** Flushes the names of a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!unable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Renames a file or folder; after that, a power cut does not take the new name back. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}
