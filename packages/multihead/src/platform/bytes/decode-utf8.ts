/** @file UTF-8 to text, piece by piece: what is not UTF-8 is replaced and counted, line ends become line feeds. */
import { joinBytes } from './join-bytes.js';

/**
 * Decodes a file. A byte order mark is left out; CR LF becomes LF. Each stretch of bytes that is not UTF-8 becomes U+FFFD,
 * by the Encoding Standard's rule (one for each longest beginning of a character, as in Python).
 *
 * @param chunks    the file's bytes, piece by piece; where they are parted makes no difference
 * @param onInvalid called with the number of replaced sequences
 * @example
 * let invalid = 0;
 * for await (const text of decodeUtf8(readChunks('a.txt'), (count) => { invalid += count; })) console.log(text);
 */
export async function* decodeUtf8(
  chunks: AsyncIterable<Uint8Array>,
  onInvalid: (count: number) => void,
): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0); // the beginning of a character, or a CR whose LF may follow
  let isFirst = true;
  const decode = (bytes: Uint8Array) => {
    const { text, invalid } = decodeWhole(bytes);
    if (invalid > 0) onInvalid(invalid);
    return text.replaceAll('\r\n', '\n');
  };
  for await (const chunk of chunks) {
    let bytes: Uint8Array = rest.length > 0 ? joinBytes([rest, chunk]) : chunk;
    if (isFirst && bytes.length >= 3) {
      bytes = withoutMark(bytes);
      isFirst = false;
    }
    const end = isFirst ? 0 : wholeUntil(bytes);
    if (end > 0) yield decode(bytes.subarray(0, end));
    rest = bytes.slice(end);
  }
  if (rest.length > 0) yield decode(rest);
}

/** Text of bytes that end where a character does; the fast way first, since nearly all text is valid. */
function decodeWhole(bytes: Uint8Array): { text: string; invalid: number } {
  try {
    return { text: strict.decode(bytes), invalid: 0 };
  } catch {
    const text = lenient.decode(bytes);
    let invalid = 0;
    for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) invalid++;
    // U+FFFD may also stand in the file, as EF BF BD.
    for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
      if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) invalid--;
    }
    return { text, invalid };
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The start of a last character that may continue in the next piece; the length if none does. */
function wholeUntil(bytes: Uint8Array): number {
  const { length } = bytes;
  if (bytes[length - 1] === 0x0d) return length - 1;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] as number;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? length - back : length;
    if (byte < 0x80) return length;
  }
  return length;
}

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

/** What follows the byte order mark, if there is one. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}
