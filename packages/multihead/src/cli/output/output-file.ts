/** @file Files that a command writes beside their names. One that is interrupted leaves nothing of them. */
import { createFile, type FileWriter } from '#files';
import { beforeEnd } from '../exit.js';

/** Begins a file, which is removed when the command ends before `commit`. */
export async function outputFile(path: string): Promise<FileWriter> {
  const file = await createFile(path);
  const keep = beforeEnd(() => file.abandonNow());
  return {
    ...file,
    async commit() {
      await file.commit();
      keep();
    },
    async abandon() {
      await file.abandon();
      keep();
    },
  };
}
