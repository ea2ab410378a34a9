/** @file The text of tokens as they come, in pieces that never split a character. */
import type { Tokenizer } from '../../text/tokenizer.js';

/** What decoders write for bytes that are no character (yet). */
const replacement = '\ufffd';

/**
 * Text that grows token by token.
 *
 * A token may hold a part of a character's bytes: its text is held back until the rest has come. What a token looks
 * like can depend on the one before it (a space at the beginning), so a few tokens are decoded together and the part
 * that is known already is taken away.
 */
export class TextOfTokens {
  private readonly tokenIds: number[];
  /** Where the tokens begin that are decoded together, and where those begin whose text has not been given. */
  private start: number;
  private open: number;

  /** @param promptIds tokens before the text; their text is not given */
  constructor(
    private readonly tokenizer: Tokenizer,
    promptIds: readonly number[] = [],
  ) {
    this.tokenIds = promptIds.slice(-1);
    this.start = 0;
    this.open = this.tokenIds.length;
  }

  /** Takes a token in, and gives the characters that it completes. */
  async push(tokenId: number): Promise<string> {
    this.tokenIds.push(tokenId);
    return this.release(false);
  }

  /** The text's end: gives what was held back. */
  end(): Promise<string> {
    return this.release(true);
  }

  private async release(isEnd: boolean): Promise<string> {
    const known = await this.tokenizer.decode(this.tokenIds.slice(this.start, this.open));
    const all = await this.tokenizer.decode(this.tokenIds.slice(this.start));
    if (all.length <= known.length || (!isEnd && all.endsWith(replacement))) return '';
    this.start = this.open;
    this.open = this.tokenIds.length;
    return all.slice(known.length);
  }
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
  const before = promptIds.slice(-1);
  const known = await tokenizer.decode(before);
  const text = (await tokenizer.decode([...before, ...tokenIds])).slice(known.length);
  const ends = stopStrings.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(...ends, text.length));
}
