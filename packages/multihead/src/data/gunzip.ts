/** @file Unpacks gzip as it is read. */
import { UserError } from '../errors.js';

/**
 * Unpacks a gzip file.
 *
 * @param chunks the file's bytes, piece by piece
 * @param path   the file's name, for errors
 * @throws UserError where the bytes are not gzip, or end too early
 * @example
 * for await (const bytes of gunzip(readChunks('a.txt.gz'), 'a.txt.gz')) console.log(bytes.length);
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  path: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  const next = () =>
    reader.read().catch((cause: unknown) => {
      if (cause instanceof UserError) throw cause;
      throw new UserError(`${path}: is no whole gzip file: ${(cause as Error).message}`, { cause });
    });
  try {
    for (let part = await next(); !part.done; part = await next()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that failed has nothing left to cancel
  }
}
