/** @file Lines of a text that comes in blocks of bytes: it may be larger than memory. */
import { UserError } from '../errors.js';

/** A longer line is an error: it is no sentence, and would have to be held whole. In bytes. */
const longestLine = 10_000_000;
const lineFeed = 10;

/**
 * Reads lines of UTF-8 text. A line ends with LF or CR LF, the last one perhaps with nothing; an empty line is one too. A
 * byte order mark is left out.
 *
 * @param blocks the bytes, cut anywhere
 * @param name   of the file, for errors
 * @throws UserError naming file and line, for bytes that are no UTF-8 and for a line of more than 10 MB
 * @example
 * for await (const line of textLines(createReadStream('a.txt'), 'a.txt')) console.log(line);
 */
export async function* textLines(blocks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let number = 1;
  const text = (bytes: Uint8Array): string => {
    try {
      const line = decoder.decode(bytes).replace(/\r$/, '');
      return number === 1 ? line.replace(/^\ufeff/, '') : line;
    } catch {
      throw new UserError(`${name}:${number}: not valid UTF-8 text. Convert the file to UTF-8 first (iconv -t UTF-8).`);
    }
  };
  for await (const line of byteLines(blocks)) {
    if (line.length > longestLine) {
      throw new UserError(
        `${name}:${number}: this line has more than 10 million bytes; a sentence a line was expected`,
      );
    }
    yield text(line);
    number++;
  }
}

/** The bytes between line feeds. Of a line that is too long, its beginning. */
async function* byteLines(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = []; // the line that has not ended, in pieces
  let length = 0;
  for await (const block of blocks) {
    let start = 0;
    for (let end = block.indexOf(lineFeed); end >= 0; end = block.indexOf(lineFeed, start)) {
      yield joined([...begun, block.subarray(start, end)]);
      [begun, length] = [[], 0];
      start = end + 1;
    }
    begun.push(block.slice(start));
    length += block.length - start;
    if (length > longestLine) break;
  }
  if (length > 0) yield joined(begun);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
