/** @file What a tokenizer's engine does: text to tokens, without special tokens and without cutting. */

/** A stretch of a text, [start, end), in UTF-16 units: `text.slice(start, end)`. */
export type Span = readonly [start: number, end: number];

/** The tokens of one text. */
export interface RawTokens {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** Where each token stands in the text. Undefined where the engine cannot tell. */
  readonly offsets: readonly Span[] | undefined;
}

/** A tokenizer's engine: Rust in Node, JavaScript in browsers. */
export interface TokenizerBackend {
  encode(texts: readonly string[]): Promise<RawTokens[]>;
  /** The numbers alone. */
  encodeIds(texts: readonly string[]): Promise<(readonly number[])[]>;
  decode(ids: readonly number[], skipSpecialTokens: boolean): Promise<string>;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  /** Every token with its number, added ones included. */
  vocabulary(): Map<string, number>;
}

/**
 * Makes the engine of a tokenizer; each module behind `#tokenizer-backend` exports one as `createBackend`.
 *
 * @param json the contents of tokenizer.json, without truncation and padding
 * @throws Error of the library below where it does not understand the contents
 */
export type CreateBackend = (json: TokenizerJson) => TokenizerBackend;

/** The contents of tokenizer.json, as far as they are looked at here. */
export interface TokenizerJson extends Readonly<Record<string, unknown>> {
  readonly added_tokens?: readonly AddedToken[];
  readonly normalizer?: Readonly<Record<string, unknown>> | null;
  readonly pre_tokenizer?: Readonly<Record<string, unknown>> | null;
  readonly post_processor?: Readonly<Record<string, unknown>> | null;
  readonly model: Readonly<Record<string, unknown>>;
}

/** A token that is found in the text as it is written, before anything else looks at the text. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Not inside a word. */
  readonly single_word?: boolean;
  /** Takes the white space before it. */
  readonly lstrip?: boolean;
  /** Takes the white space behind it. */
  readonly rstrip?: boolean;
  /** Looked for in the normalized text, not in the original. */
  readonly normalized?: boolean;
  readonly special?: boolean;
}
