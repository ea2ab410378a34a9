/** @file Decodes tokens incrementally, to pieces of text that never split a character. */
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';

/** What decoders write for bytes that are no character (yet). */
const replacement = '\ufffd';

/**
 * Text that grows token by token: together, the pieces are what {@link textBehind} gives of all the tokens.
 *
 * A token may hold a part of a character's bytes: its text is held back until the rest has come. A run of byte-fallback
 * tokens (`<0xF0>`) is one text or, where a byte in it fits nowhere, no character at all, so it is held back until it ends.
 * What a token looks like can depend on the one before it (a space at the beginning), so a few tokens are decoded together
 * and the part that is known already is taken away.
 */
export class IncrementalDetokenizer {
  private readonly tokenIds: number[];
  /** Where the tokens begin that are decoded together, and where those begin whose text has not been given. */
  private start = 0;
  private open: number;
  private inByteRun = false;

  /** @param promptIds tokens before the text; their text is not given */
  constructor(
    private readonly tokenizer: Tokenizer,
    promptIds: readonly number[] = [],
  ) {
    this.tokenIds = [...promptIds];
    this.open = this.tokenIds.length;
  }

  /** Adds a token, and returns the characters that are final. */
  async push(tokenId: number): Promise<string> {
    this.tokenIds.push(tokenId);
    if (this.tokenizer.isShown(tokenId)) this.inByteRun = this.tokenizer.isByteFallback(tokenId);
    if (this.inByteRun) return '';
    const text = await this.unsettled();
    if (text.endsWith(replacement)) return '';
    return this.release(text);
  }

  /** Ends the text, and returns what was held back. */
  async end(): Promise<string> {
    return this.release(await this.unsettled());
  }

  /** What would be given if the text ended here. */
  unsettled(): Promise<string> {
    return textBehind(this.tokenizer, this.tokenIds.slice(this.start, this.open), this.tokenIds.slice(this.open));
  }

  private release(text: string): string {
    if (text === '') return '';
    this.start = this.open;
    this.open = this.tokenIds.length;
    return text;
  }
}

/** Cleaned up, a text would not begin with that of its first tokens. */
const asItComes = { cleanUpTokenizationSpaces: false };

/**
 * The text of tokens that follow others: the characters that all of them have beyond those of the first alone, by number,
 * as in Python's pipeline. Where bytes behind a prompt make its last characters illegible, these are not given again.
 */
export async function textBehind(
  tokenizer: Tokenizer,
  before: readonly number[],
  tokenIds: readonly number[],
): Promise<string> {
  const known = await tokenizer.decode(before, asItComes);
  const all = await tokenizer.decode([...before, ...tokenIds], asItComes);
  return all.startsWith(known) ? all.slice(known.length) : Array.from(all).slice(Array.from(known).length).join('');
}

/**
 * The text of tokens that follow a prompt, up to the first stop string.
 *
 * @param stopStrings none of them empty
 */
export async function textOf(
  tokenizer: Tokenizer,
  promptIds: readonly number[],
  tokenIds: readonly number[],
  stopStrings: readonly string[],
): Promise<string> {
  const text = await textBehind(tokenizer, promptIds, tokenIds);
  const ends = stopStrings.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(...ends, text.length));
}
