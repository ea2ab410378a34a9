/** @file Lines of a text that comes in blocks of bytes: it may be larger than memory. */
import { UserError } from '../errors.js';
import { joinBytes } from './join-bytes.js';
import { convertAdvice, utf8Of } from './text-encoding.js';

/** A longer line is an error: it is no sentence, and would have to be held whole. In bytes. */
const longestLine = 10_000_000;
const lineFeed = 10;

/**
 * Reads lines of text, in UTF-8 or, where a byte order mark says so, UTF-16. A line ends with LF or CR LF, the last one perhaps with nothing; an empty line is one too. A
 * byte order mark is left out.
 *
 * @param blocks the bytes, cut anywhere
 * @param name   of the file, for errors
 * @throws UserError naming file and line, for bytes that are no text and for a line of more than 10 MB
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
      throw new UserError(`${name}:${number}: not valid UTF-8 text. ${convertAdvice}.`);
    }
  };
  for await (const line of byteLines(utf8Of(blocks, name))) {
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
      yield joinBytes([...begun, block.subarray(start, end)]);
      [begun, length] = [[], 0];
      start = end + 1;
    }
    begun.push(block.slice(start));
    length += block.length - start;
    if (length > longestLine) break;
  }
  if (length > 0) yield joinBytes(begun);
}
