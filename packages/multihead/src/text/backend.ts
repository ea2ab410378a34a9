/** @file What a tokenizer's engine does: text to tokens, without special tokens and without cutting. */

/** The tokens of one text. */
export interface RawTokens {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** Where each token stands in the text, counted in code points: [start, end). Undefined where the engine cannot tell. */
  readonly offsets: readonly (readonly [number, number])[] | undefined;
}

/** A tokenizer's engine: Rust in Node, JavaScript in browsers. */
export interface TokenizerBackend {
  encode(texts: readonly string[]): Promise<RawTokens[]>;
  decode(ids: readonly number[], skipSpecialTokens: boolean): Promise<string>;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  readonly vocabSize: number;
}
