/** @file A text file as a stream of pieces of bounded size, whatever is in it. */
import { readChunks } from '#files';

/** Pieces have at least so many UTF-16 units, but for the last. */
const usualPiece = 1 << 16;

/** Where no white space comes, a piece is cut at this length. */
const longestPiece = 1 << 20;

/** What was met in files, added up. */
export interface TextPiecesReport {
  /** Bytes read so far. */
  bytes: number;
  /** How often U+FFFD was put in for bytes that are no UTF-8. */
  invalid: number;
}

/**
 * Reads a UTF-8 file in pieces of some hundred thousand characters; memory does not grow with the file or with its lines. A
 * byte order mark is left out. Bytes that are no UTF-8 become U+FFFD, one for each longest sequence that could have begun
 * a character (the WHATWG's rule, which Python has too), and are counted.
 *
 * Pieces are cut before a white space that a word follows, where no tokenizer sees a difference; only a stretch of a
 * million characters without one is cut wherever it is.
 *
 * @param report is kept up to date on the way
 * @example
 * for await (const piece of readTextPieces('corpus.txt')) count(piece);
 */
export async function* readTextPieces(
  path: string,
  report: TextPiecesReport = { bytes: 0, invalid: 0 },
): AsyncGenerator<string> {
  let rest = '';
  let searched = 0;
  for await (const text of decoded(path, report)) {
    rest += text;
    while (rest.length >= usualPiece) {
      const cut = lastCut(rest, searched) ?? (rest.length >= longestPiece ? wholeCharacters(rest, longestPiece) : 0);
      if (cut === 0) {
        searched = rest.length - 1;
        break;
      }
      yield rest.slice(0, cut);
      rest = rest.slice(cut);
      searched = 0;
    }
  }
  if (rest !== '') yield rest;
}

/** The last place at or behind `from` that has a white space and behind it something else; not the beginning. */
function lastCut(text: string, from: number): number | undefined {
  for (let at = text.length - 2; at >= Math.max(from, 1); at--) {
    if (isBlank(text.charCodeAt(at)) && /\S/.test(text.charAt(at + 1))) return at;
  }
  return undefined;
}

const isBlank = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || unit === 9;

/** At most `length` units, no surrogate pair being cut. */
function wholeCharacters(text: string, length: number): number {
  const isCut = /[\ud800-\udbff]/.test(text.charAt(length - 1)) && /[\udc00-\udfff]/.test(text.charAt(length));
  return isCut ? length - 1 : length;
}

async function* decoded(path: string, report: TextPiecesReport): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  const given = new ReplacementCharacters();
  const told = (text: string, own: number) => {
    report.invalid += countReplacements(text) - own;
    return text;
  };
  for await (const block of readChunks(path)) {
    report.bytes += block.length;
    yield told(decoder.decode(block, { stream: true }), given.count(block));
  }
  yield told(decoder.decode(), 0);
}

function countReplacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count++;
  return count;
}

/** Counts the U+FFFD that a file itself has: the bytes EF BF BD, also across blocks. */
class ReplacementCharacters {
  private last: [number, number] = [0, 0];

  /** @returns how many end in this block */
  count(block: Uint8Array): number {
    let count = 0;
    for (let at = block.indexOf(0xbd); at >= 0; at = block.indexOf(0xbd, at + 1)) {
      if (this.byte(block, at - 2) === 0xef && this.byte(block, at - 1) === 0xbf) count++;
    }
    this.last = [this.byte(block, block.length - 2), this.byte(block, block.length - 1)];
    return count;
  }

  /** A byte of the block, or of the two before it. */
  private byte(block: Uint8Array, at: number): number {
    return (at < 0 ? this.last[at + 2] : block[at]) ?? 0;
  }
}
