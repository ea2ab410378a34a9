/** @file How a tokenizer is trained. */
import { UserError } from '../../errors.js';
import type { TokenizerTrainingEvent } from './train-tokenizer.js';

/** Kinds of tokenizers that can be trained. */
export type TokenizerType = 'wordpiece';

/** What {@link trainTokenizer} takes. */
export interface TokenizerTrainingOptions {
  readonly type: TokenizerType;
  /** The texts, which are read once, one after the other. */
  readonly texts: AsyncIterable<string> | Iterable<string>;
  /** Tokens that there are to be, special ones included. Default: 30,000. */
  readonly vocabSize?: number | undefined;
  /** Pairs of tokens that occur less often are not merged. Default: 2. */
  readonly minFrequency?: number | undefined;
  /** WordPiece: characters that the vocabulary has at most, the most frequent ones. Default: 1,000. */
  readonly limitAlphabet?: number | undefined;
  /** Tokens with a meaning of their own, which get the first numbers. */
  readonly specialTokens?: readonly string[] | undefined;
  /** WordPiece: capitals become small letters. Default: true. */
  readonly lowercase?: boolean | undefined;
  /** WordPiece: accents are taken off; null: where `lowercase` is on. Default: null. */
  readonly stripAccents?: boolean | null | undefined;
  /** WordPiece: each Chinese character is a word. Default: true. */
  readonly tokenizeChineseChars?: boolean | undefined;
  /** Is told how far it is. */
  readonly onProgress?: ((event: TokenizerTrainingEvent) => void) | undefined;
}

const bertSpecialTokens: readonly string[] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Fills the defaults in and refuses what cannot be. */
export function tokenizerTrainingOptions(options: TokenizerTrainingOptions) {
  const settings = {
    ...options,
    vocabSize: options.vocabSize ?? 30_000,
    minFrequency: options.minFrequency ?? 2,
    limitAlphabet: options.limitAlphabet ?? 1000,
    specialTokens: options.specialTokens ?? bertSpecialTokens,
    lowercase: options.lowercase ?? true,
    stripAccents: options.stripAccents ?? null,
    tokenizeChineseChars: options.tokenizeChineseChars ?? true,
  };
  for (const name of ['vocabSize', 'minFrequency', 'limitAlphabet'] as const) {
    if (Number.isInteger(settings[name]) && settings[name] >= 1) continue;
    throw new UserError(`${name} is ${settings[name]}; a whole number from 1 was expected`);
  }
  return settings;
}
