/** @file Files that belong together, of which nobody may believe some that are new beside others that are old. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../file-errors.js';
import { syncFolder } from './durable.js';
import { makeDirectory } from './make-directory.js';
import { type Content, createFile, type FileWriter } from './writer.js';

/**
 * Writes files of a folder that belong together. All are whole beside their names, on the disk, before any gets its name:
 * until then, and where that fails, the folder is as it was. If more than one of those that are there changes, the key goes
 * first and comes last: whenever the process is killed, the key is missing, or the files belong together.
 *
 * @param key  the one of them without which the others are nothing
 * @param gone names that belong to what was there before, and go
 */
export async function writeTogether(
  folder: string,
  files: Readonly<Record<string, Content>>,
  key: string,
  gone: readonly string[] = [],
): Promise<void> {
  await makeDirectory(folder);
  const obsolete = await select(gone, async (name) => !(name in files) && (await isThere(join(folder, name))));
  const changed = await select(Object.keys(files), (name) => differs(join(folder, name), files[name] as Content));
  const order = [...changed.filter((name) => name !== key), ...changed.filter((name) => name === key)];
  const staged: FileWriter[] = [];
  try {
    for (const name of order) {
      const file = await createFile(join(folder, name));
      staged.push(file);
      const content = files[name] as Content;
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for await (const piece of pieces) await file.write(piece);
      await file.flush();
    }
    const isKeyOld = changed.length + obsolete.length > 1 && (await isThere(join(folder, key)));
    if (isKeyOld && !order.includes(key)) {
      const file = await createFile(join(folder, key));
      staged.push(file);
      await file.write(files[key] as string);
      await file.flush();
    }
    if (isKeyOld) await removeNames(folder, [key]);
    await removeNames(folder, obsolete);
    for (const file of staged) await file.commit();
  } catch (error) {
    for (const file of staged) await file.abandon();
    throw error;
  }
}

/** Whether a file is not there with this content. Large ones, which come in pieces, are not compared. */
async function differs(path: string, content: Content): Promise<boolean> {
  if (typeof content !== 'string') return true;
  const old = await readFile(path, 'utf8').catch(() => undefined);
  return old !== content;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function select(names: readonly string[], isWanted: (name: string) => Promise<boolean>): Promise<string[]> {
  const wanted = await Promise.all(names.map(isWanted));
  return names.filter((_, i) => wanted[i]);
}

async function removeNames(folder: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  try {
    for (const name of names) await rm(join(folder, name), { force: true });
    await syncFolder(folder);
  } catch (error) {
    explain(folder, error);
  }
}
