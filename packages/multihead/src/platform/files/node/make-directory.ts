/** @file Folders that are made if they are not there, with those above them. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { explain } from '../file-errors.js';
import { syncFolder } from './durable.js';

/** Makes a folder and those above it, and flushes the names of those that are new. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true }).catch(async (error) => {
    // On a read-only file system Node says here that there is no such folder; of the topmost that lacks, it says why.
    let lacking = path;
    while (lacking !== dirname(lacking) && !existsSync(dirname(lacking))) lacking = dirname(lacking);
    if (error.code === 'ENOENT') await mkdir(lacking).catch((reason) => explain(path, reason));
    explain(path, error);
  });
  if (first === undefined) return;
  for (let made = resolve(path); made.length >= resolve(first).length; made = dirname(made)) {
    await syncFolder(dirname(made)).catch((error) => explain(path, error));
  }
}
