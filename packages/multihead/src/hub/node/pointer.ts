/**
 * @file A file of a snapshot: a link to its blob, or, where no links can be made, a copy. A link leads to the checksum, the
 * blob's name; that of a copy is written beside the snapshots, in `copies`, where no other program looks.
 */
import { copyFile, lstat, mkdir, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { move, partialPath, writeAtomically } from '#files';
import { isIntact } from './blob.js';

/** Bytes. What is larger is read again only where it changed after it was put into the snapshot. */
const smallFile = 64 << 20;

/** Where the checksum of a copy stands. */
const checksumOf = (folder: string, file: string): string =>
  join(dirname(dirname(folder)), 'copies', basename(folder), file);

/**
 * Whether a file of a snapshot is there with the contents that it came with. Of one that was put there by hand nothing is
 * known: it counts as sound.
 *
 * @param folder of the snapshot
 */
export async function isSound(folder: string, file: string): Promise<boolean> {
  const pointer = join(folder, file);
  const [link, target] = await Promise.all([lstat, stat].map((read) => read(pointer).catch(() => undefined)));
  if (!link || !target) return false;
  const checksum = checksumOf(folder, file);
  const made = link.isSymbolicLink() ? link : await stat(checksum).catch(() => undefined);
  if (!made) return true;
  const isChanged = target.ctimeMs > made.mtimeMs + 1000;
  if (target.size > smallFile && !isChanged) return true;
  if (link.isSymbolicLink()) return isIntact(await realpath(pointer));
  return isIntact(pointer, await readFile(checksum, 'utf8'));
}

/** What file systems and policies answer that have no symbolic links. */
const noLinks = new Set(['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN']);

/** Puts a blob into a snapshot in the place of what {@link isSound} found missing or damaged. */
export async function point(folder: string, file: string, blob: string): Promise<void> {
  const pointer = join(folder, file);
  await mkdir(dirname(pointer), { recursive: true });
  const found = await lstat(pointer).catch(() => undefined);
  if (found && !found.isSymbolicLink()) await rm(pointer, { force: true }); // a damaged copy
  await symlink(relative(dirname(pointer), blob), pointer).catch(async (error: NodeJS.ErrnoException) => {
    if (noLinks.has(error.code ?? '')) {
      const partial = partialPath(pointer);
      await copyFile(blob, partial);
      await move(partial, pointer);
      await writeAtomically(checksumOf(folder, file), basename(blob));
    } else if (!(await stat(pointer).catch(() => undefined))) throw error; // another process may have made it meanwhile
  });
}
