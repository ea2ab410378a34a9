/** @file CoNLL files: a token and its tags a line, a blank line between sentences. */
import { UserError } from '../../platform/errors.js';
import { placeOf, type RowPlaces, refuseRow } from '../streams/bad-rows.js';
import { type ColumnReference, columnNumber } from './column-names.js';
import type { Row } from './table.js';

/** Which columns of a CoNLL file are read, by number from 0. */
export interface ConllColumns {
  /** Default: the first. */
  readonly tokens?: ColumnReference | undefined;
  /** Default: the last, where there is more than one. */
  readonly tags?: ColumnReference | undefined;
}

/** The names of the columns of the table that a CoNLL file is read as. */
export const conllColumns: readonly string[] = ['tokens', 'tags'];

/** A sentence that has begun. */
interface Sentence {
  readonly line: number;
  readonly tokens: string[];
  readonly tags: string[];
  problem?: { readonly line: number; readonly text: string };
}

/**
 * Reads CoNLL as a table with a sentence a row: its tokens and its tags, in two lists (the second is empty where the file has
 * one column).
 *
 * Columns are separated by tabs, if the first line has one, or else by spaces. Blank lines end a sentence; lines that begin
 * with `-DOCSTART-` do, too. Before a sentence, lines that begin with `#` are comments where they have no tag behind it.
 *
 * @example
 * const rows = new ConllRows({ path: 'a.conll', unit: 'line' });
 * rows.read('EU\tB-ORG\nrejects\tO\n\n');   // [{ line: 1, cells: [['EU', 'rejects'], ['B-ORG', 'O']] }]
 * rows.end();                               // []: no sentence is left
 */
export class ConllRows {
  private line = 0;
  private isTabbed: boolean | undefined;
  private width = 0;
  private sentence: Sentence | undefined;
  private readonly token: number;
  private readonly tag: number | undefined;

  /**
   * @param file    its name, for errors, and what becomes of bad sentences
   * @param columns which are read
   * @throws UserError for columns that are given by name
   */
  constructor(
    private readonly file: RowPlaces,
    { tokens = 0, tags }: ConllColumns = {},
  ) {
    this.token = numbered(tokens, file.path);
    this.tag = tags === undefined ? undefined : numbered(tags, file.path);
  }

  /**
   * Reads the next part of the file.
   *
   * @param text whole lines
   * @throws UserError `path:line: ...` for a line without a tag, or with more or fewer columns than the first
   */
  read(text: string): Row[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.flatMap((line) => this.readLine(line.replace(/\r$/, '')));
  }

  /** The last sentence, behind which the file has no blank line. */
  end(): Row[] {
    const { sentence } = this;
    this.sentence = undefined;
    if (!sentence) return [];
    const { line, tokens, tags, problem } = sentence;
    if (!problem) return [{ line, cells: [tokens, tags] }];
    refuseRow(this.file, problem.line, problem.text);
    return [];
  }

  private readLine(line: string): Row[] {
    this.line++;
    if (/^[ \t]*$/.test(line) || line.startsWith('-DOCSTART-')) return this.end();
    if (!this.sentence && this.isComment(line)) return [];
    this.isTabbed ??= line.includes('\t');
    const cells = this.isTabbed ? line.split('\t') : line.replace(/^ +| +$/g, '').split(/ +/);
    this.width ||= cells.length;
    this.sentence ??= { line: this.line, tokens: [], tags: [] };
    const [token = '', tag] = [cells[this.token], this.tagOf(cells)];
    this.sentence.tokens.push(token);
    if (tag !== undefined) this.sentence.tags.push(tag.trim());
    const text = this.problemOf(cells, token, tag);
    if (text !== undefined) {
      if (!this.file.onBadRow) throw new UserError(`${placeOf(this.file, this.line)}: ${text}`);
      this.sentence.problem ??= { line: this.line, text: `${text}; the whole sentence is skipped` };
    }
    return [];
  }

  private tagOf(cells: readonly string[]): string | undefined {
    if (this.tag !== undefined) return cells[this.tag] ?? '';
    return this.width > 1 ? cells[this.width - 1] : undefined;
  }

  private problemOf(cells: readonly string[], token: string, tag: string | undefined): string | undefined {
    const { width } = this;
    if (cells.length !== width) {
      return `${cells.length} columns, where the lines above have ${width}. A blank line must stand between sentences only`;
    }
    const furthest = Math.max(this.token, this.tag ?? 0);
    if (furthest >= width) return `${width} columns, counted from 0: there is no column ${furthest}`;
    if (token === '') return 'the token is empty';
    return tag?.trim() === '' ? 'the tag is empty' : undefined;
  }

  /** `# text = ...`, but not a token `#` with its tag. */
  private isComment(line: string): boolean {
    if (!line.startsWith('#')) return false;
    if (this.isTabbed) return !line.includes('\t');
    const last = line.split(/[ \t]+/).at(-1) ?? '';
    return line.startsWith('# ') && !/^([BIOESLU]|[BIESLU]-.+)$/.test(last);
  }
}

function numbered(reference: ColumnReference, path: string): number {
  const number = columnNumber(reference);
  if (number !== undefined) return number;
  throw new UserError(
    `${path}: a CoNLL file has no names of columns; ${JSON.stringify(reference)} must be a number, counted from 0`,
  );
}
