/** @file In which encoding a text file is: UTF-8, or UTF-16 where a byte order mark says so. */
import { UserError } from '../errors.js';
import { joinBytes } from './join-bytes.js';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What to do with a file in another encoding. */
export const convertAdvice =
  'Convert the file to UTF-8 first: iconv -f ENCODING -t UTF-8, where ENCODING is often WINDOWS-1252 for files of ' +
  'spreadsheets, GB18030 or BIG5 for Chinese, SHIFT_JIS for Japanese, UTF-16LE where there is no byte order mark';

/** The encoding that a file's first two bytes tell. */
function encodingOf([first, second]: ArrayLike<number> & Iterable<number>): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** Refuses UTF-32 with its byte order mark, whose first two bytes, where it is little-endian, are those of UTF-16. */
function refuseUtf32([a, b, c, d]: ArrayLike<number> & Iterable<number>, path: string): void {
  const isLittle = a === 0xff && b === 0xfe && c === 0 && d === 0;
  const isBig = a === 0 && b === 0 && c === 0xfe && d === 0xff;
  if (isLittle || isBig)
    throw new UserError(`${path}: is UTF-32. Convert the file to UTF-8 first: iconv -f UTF-32 -t UTF-8.`);
}

/**
 * The text of a whole file, without a byte order mark.
 *
 * @param path the file's name, for errors
 * @throws UserError for bytes that are neither UTF-8 nor, behind its byte order mark, UTF-16
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  refuseUtf32(bytes, path);
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw encoding === 'utf-8'
      ? new UserError(`${path}: not valid UTF-8 text. ${convertAdvice}.`, { cause })
      : notWhole(path, encoding);
  }
}

const notWhole = (path: string, encoding: Encoding): UserError =>
  new UserError(`${path}: not valid ${encoding.toUpperCase()} text. Is the file whole?`);

/** In bytes; the byte order mark of UTF-32. */
const longestMark = 4;

/** A byte that stands in no UTF-8: readers find it where UTF-16 is broken, as they find what is no UTF-8. */
const invalidByte = 0xff;

/**
 * The bytes of a text file, piece by piece, as UTF-8: those of a file that begins with the byte order mark of UTF-16 are
 * converted, all others come as they are.
 *
 * @param chunks  the file's bytes
 * @param path    the file's name, for errors
 * @param invalid what becomes of UTF-16 that is broken: an error, or the byte FF, which is no UTF-8 either
 * @throws UserError for UTF-32, and for UTF-16 without a byte order mark, as far as that is plain: every second byte is 0
 */
export async function* utf8Of(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  invalid: 'error' | 'byte' = 'error',
): AsyncGenerator<Uint8Array> {
  const begin = (bytes: Uint8Array): Utf16Converter | undefined => {
    refuseUtf32(bytes, path);
    const encoding = encodingOf(bytes);
    if (encoding !== 'utf-8') return new Utf16Converter(encoding, path, invalid);
    refuseUnmarked(bytes, path);
    return undefined;
  };
  let first: Uint8Array | undefined = new Uint8Array(0) as Uint8Array;
  let converter: Utf16Converter | undefined;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (first) {
      bytes = first.length > 0 ? joinBytes([first, chunk]) : chunk;
      first = bytes.length < longestMark ? bytes.slice() : undefined;
      if (first) continue;
      converter = begin(bytes);
    }
    yield converter ? converter.convert(bytes) : bytes;
  }
  if (first && first.length > 0) {
    converter = begin(first);
    yield converter ? converter.convert(first) : first;
  }
  const last = converter?.end();
  if (last && last.length > 0) yield last;
}

/** Refuses text in which nearly every second byte is 0, and none of the others: UTF-16 without its mark. */
function refuseUnmarked(bytes: Uint8Array, path: string): void {
  const beginning = bytes.subarray(0, 1000);
  const zeros = [0, 0];
  for (const [i, byte] of beginning.entries())
    if (byte === 0) (zeros as number[])[i % 2] = (zeros[i % 2] as number) + 1;
  const [even, odd] = zeros as [number, number];
  if (beginning.length < 8 || Math.min(even, odd) > 0 || Math.max(even, odd) < 0.4 * beginning.length) return;
  throw new UserError(
    `${path}: seems to be UTF-16 without a byte order mark. Convert the file to UTF-8 first: ` +
      `iconv -f UTF-16${odd > 0 ? 'LE' : 'BE'} -t UTF-8.`,
  );
}

/** UTF-16 to UTF-8, piece by piece. */
class Utf16Converter {
  private readonly encoder = new TextEncoder();
  /** What is not whole yet: a byte, or the first half of a surrogate pair. */
  private rest: Uint8Array = new Uint8Array(0);
  private isFirst = true;

  constructor(
    private readonly encoding: Encoding,
    private readonly path: string,
    private readonly invalid: 'error' | 'byte',
  ) {}

  convert(chunk: Uint8Array): Uint8Array {
    const bytes = joinBytes([this.rest, chunk]);
    const units = this.unitsOf(bytes);
    const isParted = isHighSurrogate(units.at(-1));
    const whole = isParted ? units.subarray(0, -1) : units;
    this.rest = bytes.slice(whole.length * 2);
    const text = this.isFirst ? whole.subarray(1) : whole; // the first unit of a file is the mark
    if (whole.length > 0) this.isFirst = false;
    return this.encoded(text);
  }

  /** What is left where the file ends within a character. */
  end(): Uint8Array {
    if (this.rest.length === 0) return this.rest;
    if (this.invalid === 'error') throw notWhole(this.path, this.encoding);
    return Uint8Array.of(invalidByte);
  }

  private unitsOf(bytes: Uint8Array): Uint16Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isLittle = this.encoding === 'utf-16le';
    return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(i * 2, isLittle));
  }

  private encoded(units: Uint16Array): Uint8Array {
    const parts: string[] = [];
    for (let i = 0; i < units.length; i += 4096) parts.push(String.fromCharCode(...units.subarray(i, i + 4096)));
    const pieces = parts.join('').split(loneSurrogate);
    if (pieces.length > 1 && this.invalid === 'error') throw notWhole(this.path, this.encoding);
    const between = Uint8Array.of(invalidByte);
    return joinBytes(pieces.flatMap((piece, i) => [...(i > 0 ? [between] : []), this.encoder.encode(piece)]));
  }
}

const loneSurrogate = /\p{Surrogate}/u;

const isHighSurrogate = (unit: number | undefined): boolean => unit !== undefined && unit >= 0xd800 && unit < 0xdc00;
