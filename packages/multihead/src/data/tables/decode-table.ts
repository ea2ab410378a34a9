/** @file The text of a table's file: unpacked, decoded, whole or in pieces that end where a row does. */
import { readChunks } from '#files';
import { gunzip } from '../../platform/bytes/gunzip.js';
import { convertAdvice, utf8Of } from '../../platform/bytes/text-encoding.js';
import { UserError } from '../../platform/errors.js';
import { foreignByBytes } from './foreign-files.js';
import type { TableFile } from './table-files.js';

/** Half of the longest string that JavaScript has; in UTF-16 units. */
const longest = 1 << 28;
/** The first piece must tell what the columns are. Those after it are small: rows that are soon forgotten are cheap. */
const [leastFirstPiece, leastPiece] = [1 << 20, 1 << 16];

/**
 * The text of a file, piece by piece, without a byte order mark. A file that begins with the mark of UTF-16 is UTF-16.
 *
 * @throws UserError for what is neither that nor UTF-8, such as a workbook
 */
export async function* decodeTable({ path, isPacked }: TableFile): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new UserError(`${path}: not valid UTF-8 text. ${convertAdvice}.`, { cause });
    }
  };
  const bytes = readChunks(path);
  let isFirst = true;
  for await (const chunk of utf8Of(isPacked ? gunzip(bytes, path) : bytes, path)) {
    const foreign = isFirst && foreignByBytes(chunk);
    if (foreign) throw new UserError(`${path}: ${foreign}.`);
    isFirst = false;
    yield decode(chunk);
  }
  yield decode();
}

/** The whole text of a file. @throws UserError where it is longer than a string may be */
export async function wholeText(file: TableFile): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  for await (const text of decodeTable(file)) {
    pieces.push(text);
    length += text.length;
    if (length > longest) {
      throw new UserError(
        `${file.path}: more than ${longest} characters, too many to hold at once. Train with \`streaming\` (CSV, TSV, JSON ` +
          'Lines, Parquet), or divide the file.',
      );
    }
  }
  return pieces.join('');
}

/**
 * Cuts text into pieces that end where a row does.
 *
 * @param texts  the text, cut anywhere
 * @param quotes whether cells may stand in quotes and hold line breaks: a row ends only where quotes are even in number
 * @param path   the file's name, for errors
 */
export async function* wholeRows(
  texts: AsyncIterable<string>,
  { quotes, path }: { readonly quotes: boolean; readonly path: string },
): AsyncGenerator<string> {
  let begun: string[] = []; // what came since the last row's end
  let length = 0;
  let isInside = false;
  for await (const text of joined(texts)) {
    const cut: RowEnd = quotes ? lastRowEnd(text, isInside) : { end: text.lastIndexOf('\n') + 1, isInside };
    isInside = cut.isInside;
    if (cut.end > 0) {
      yield [...begun, text.slice(0, cut.end)].join('');
      begun = [];
      length = 0;
    }
    begun.push(text.slice(cut.end));
    length += text.length - cut.end;
    if (length > longest) {
      throw new UserError(`${path}: a row of more than ${longest} characters. Is a quote never closed?`);
    }
  }
  if (length > 0) yield begun.join('');
}

/** Pieces that are not too small, as they may come unpacked. */
async function* joined(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  let least = leastFirstPiece;
  for await (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length < least) continue;
    yield parts.join('');
    parts = [];
    length = 0;
    least = leastPiece;
  }
  yield parts.join('');
}

/** Where the last row of a text ends, 0 where none does; and whether the text ends within quotes. */
interface RowEnd {
  readonly end: number;
  readonly isInside: boolean;
}

/** @param beginsInside whether the text begins within quotes */
function lastRowEnd(text: string, beginsInside: boolean): RowEnd {
  let end = 0;
  let isInside = beginsInside;
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const next = quote < 0 ? text.length : quote;
    if (!isInside) {
      const feed = text.slice(at, next).lastIndexOf('\n');
      if (feed >= 0) end = at + feed + 1;
    }
    if (quote >= 0) isInside = !isInside;
    at = next + 1;
  }
  return { end, isInside };
}
