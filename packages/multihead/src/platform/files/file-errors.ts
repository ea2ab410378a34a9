/** @file What the operating system says of a file, in words. */
import { UserError } from '../errors.js';

/** By its error codes. */
export const reasons: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'is a folder; a file was expected',
  ENOTDIR: 'is a file; a folder was expected',
  EEXIST: 'is a file; a folder was expected',
  ENOSPC: 'the disk is full; make room there',
  EDQUOT: 'the quota of disk space is used up',
  EFBIG: 'the file would be larger than is allowed',
  EROFS: 'the file system is read-only',
};

/** Turns what the operating system says into words with the path. */
export function explain(path: string, error: unknown): never {
  const { code = '', errno, message } = error as { code?: string; errno?: number; message: string };
  if (errno === undefined) throw error;
  throw new UserError(`${path}: ${reasons[code] ?? message}`, { cause: error });
}
