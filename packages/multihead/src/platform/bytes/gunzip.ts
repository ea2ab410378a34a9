/** @file Unpacks gzip as it is read. */
import { unpackGzip } from '#files';
import { UserError } from '../errors.js';

/**
 * Unpacks a gzip file, which may have several members one after the other (those of pigz, of bgzip and of `cat a.gz b.gz`).
 *
 * @param chunks the file's bytes, piece by piece
 * @param path   the file's name, for errors
 * @throws UserError where the bytes are not gzip, or end too early; in browsers, where there is a second member
 * @example
 * for await (const bytes of gunzip(readChunks('a.txt.gz'), 'a.txt.gz')) console.log(bytes.length);
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  path: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const pieces = unpackGzip(chunks)[Symbol.asyncIterator]();
  const next = () =>
    pieces.next().catch((cause: unknown) => {
      if (cause instanceof UserError) throw cause;
      throw new UserError(`${path}: is no whole gzip file: ${(cause as Error).message}`, { cause });
    });
  try {
    for (let piece = await next(); !piece.done; piece = await next()) yield piece.value;
  } finally {
    await pieces.return?.(undefined);
  }
}
