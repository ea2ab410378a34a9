/** @file Files that grow and are kept when their writer is killed. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { explain } from '../file-errors.js';

/** A file that grows. */
export interface AppendedFile {
  /** Adds text and brings it to the disk. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** (Windows has no O_NOFOLLOW.) */
const writing = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/**
 * Opens a file to add to it, or makes it.
 *
 * @param size bytes of it that are kept; what is behind them goes
 */
export async function appendTo(path: string, size: number): Promise<AppendedFile> {
  const file = await open(path, writing).catch((error) => explain(path, error));
  await file.truncate(size).catch((error) => explain(path, error));
  let at = size;
  return {
    async append(text) {
      const bytes = new TextEncoder().encode(text);
      for (let written = 0; written < bytes.length; ) {
        const rest = bytes.subarray(written);
        const { bytesWritten } = await file.write(rest, 0, rest.length, at).catch((error) => explain(path, error));
        written += bytesWritten;
        at += bytesWritten;
      }
      await file.datasync().catch((error) => explain(path, error));
    },
    close: () => file.close().catch((error) => explain(path, error)),
  };
}
