/** @file Splits text that arrives in pieces into documents (files, lines or paragraphs) of limited length. */

/** The unit of a document in plain text. */
export type DocumentUnit = 'file' | 'line' | 'paragraph';

// A paragraph ends at a line of at most white space; 1,000 of it at most, so that no file makes us wait for its end.
const separators: Record<DocumentUnit, RegExp | undefined> = {
  file: undefined,
  line: /\n/g,
  paragraph: /\n[^\S\n]{0,1000}\n/g,
};
const blankLinesBefore = /^(?:[^\S\n]{0,1000}\n)+/;
const beginningOfBlankLine = /^\n?[^\S\n]{0,1000}$/;
const isFilled = (text: string): boolean => /\S/.test(text);

/**
 * Cuts one file's text into documents. What is white space alone is none.
 *
 * A document that is longer than the limit comes as several: each ends before the last white space that leaves it at most
 * `maxLength` long, or after `maxLength` UTF-16 units where there is none, never inside a character. Put together again
 * they are the document. No more than one document and one piece of text are held, whatever the file's length.
 *
 * @example
 * const cutter = new DocumentCutter('paragraph', 1000);
 * [...cutter.push('one\n\ntw'), ...cutter.push('o\n'), ...cutter.end()]   // ['one', 'two']
 */
export class DocumentCutter {
  /** Cuts that were made in documents because they were too long. */
  cuts = 0;
  private pending = '';
  /** No separator begins before this place of `pending`. */
  private searched = 0;
  /** Whether `pending` continues a document that was cut. */
  private goesOn = false;

  /** @param maxLength in UTF-16 units; at least 2, the length of a character of two units */
  constructor(
    private readonly unit: DocumentUnit,
    private readonly maxLength: number,
  ) {}

  /** Takes the next piece of the file's text and gives the documents that are whole by now. */
  *push(text: string): Generator<string> {
    this.pending += text;
    const separator = separators[this.unit];
    for (let match = this.find(separator); match; match = this.find(separator)) {
      yield* this.take(match.index, match.index + match[0].length);
    }
    const end = this.endOfText();
    this.searched = end;
    // Where a cut is best, only the unit behind it tells: there must be one that is known to be of the document.
    yield* this.cutLong(end, this.maxLength + 1);
  }

  /** Ends the file and gives the last document. */
  *end(): Generator<string> {
    yield* this.take(this.endOfText(), this.pending.length);
  }

  private find(separator: RegExp | undefined): RegExpExecArray | null {
    if (!separator) return null;
    separator.lastIndex = this.searched;
    return separator.exec(this.pending);
  }

  /** Up to where `pending` is text of the document, whatever follows: the rest may be the beginning of a separator. */
  private endOfText(): number {
    if (this.unit !== 'paragraph') return this.pending.length;
    const lastLine = this.pending.lastIndexOf('\n');
    if (lastLine < 0 && this.goesOn) return this.pending.length;
    const start = Math.max(0, lastLine);
    return beginningOfBlankLine.test(this.pending.slice(start)) ? start : this.pending.length;
  }

  /** The document that ends at `end`; the text from `next` on stays. */
  private *take(end: number, next: number): Generator<string> {
    const rest = this.pending.slice(next);
    this.pending = this.pending.slice(0, end);
    yield* this.cutLong(end, this.maxLength);
    if (isFilled(this.pending)) yield this.pending;
    this.pending = rest;
    this.searched = 0;
    this.goesOn = false;
  }

  /** Gives pieces of a document of which `pending` holds the text up to `end`, while that is longer than `limit`. */
  private *cutLong(end: number, limit: number): Generator<string> {
    let textEnd = end - this.leaveOut(this.blanksBefore());
    while (textEnd > limit) {
      const piece = this.pending.slice(0, placeToCut(this.pending.slice(0, textEnd), this.maxLength));
      textEnd -= this.leaveOut(piece.length);
      this.goesOn = true;
      this.cuts++;
      if (isFilled(piece)) yield piece;
    }
  }

  private blanksBefore(): number {
    const beginsParagraph = this.unit === 'paragraph' && !this.goesOn;
    return beginsParagraph ? (blankLinesBefore.exec(this.pending)?.[0].length ?? 0) : 0;
  }

  /** Drops the first units of `pending`; returns how many. */
  private leaveOut(length: number): number {
    this.pending = this.pending.slice(length);
    this.searched = Math.max(0, this.searched - length);
    return length;
  }
}

/**
 * Cuts a text in memory, as {@link DocumentCutter} does.
 *
 * @param maxLength at least 2, the length of a character of two units
 * @returns pieces that are the text when put together
 */
export function cutText(text: string, maxLength: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > maxLength) {
    const end = placeToCut(rest, maxLength);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/**
 * Where a text is cut: before white space, so that GPT-2's words keep the blank that they begin with, and of a stretch of
 * white space before its last character, as its tokenizer would.
 */
function placeToCut(text: string, maxLength: number): number {
  for (let end = maxLength; end > 0; end--) {
    if (whiteSpace.has(text.charCodeAt(end)) && !whiteSpace.has(text.charCodeAt(end + 1))) return end;
  }
  const isInsidePair = text.charCodeAt(maxLength) >> 10 === 0x37 && text.charCodeAt(maxLength - 1) >> 10 === 0x36;
  return isInsidePair ? maxLength - 1 : maxLength;
}

const whiteSpace = new Set([...' \t\n\r\u3000'].map((character) => character.charCodeAt(0)));
