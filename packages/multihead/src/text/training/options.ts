/** @file How a tokenizer is trained. */
import { UserError } from '../../platform/errors.js';
import { namesOf } from '../../platform/option-names.js';
import type { TokenizerTrainingEvent } from './events.js';

/** Kinds of tokenizers that can be trained. */
export type TokenizerType = 'wordpiece' | 'bpe' | 'char';

/** What {@link trainTokenizer} takes. */
export interface TokenizerTrainingOptions {
  /** `wordpiece`: BERT's. `bpe`: GPT-2's byte-level BPE. `char`: every character is a token. */
  readonly type: TokenizerType;
  /** The texts, which are read once, one after the other. */
  readonly texts: AsyncIterable<string> | Iterable<string>;
  /** Tokens that there are to be, special ones included. Default: 30,000; for `char`, no limit. */
  readonly vocabSize?: number | undefined;
  /** WordPiece and BPE: pairs of tokens that occur less often are not merged. Default: 2. */
  readonly minFrequency?: number | undefined;
  /**
   * WordPiece and characters: how many different characters get a token, the most frequent ones. Chinese needs some
   * thousands. Default: 1,000; for `char`, no limit.
   */
  readonly limitAlphabet?: number | undefined;
  /**
   * Tokens with a meaning of their own, which get the numbers from 0. Default: `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`,
   * `[MASK]`; for BPE `<|endoftext|>`; for characters `[UNK]` and `<|endoftext|>`.
   */
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

export const tokenizerTrainingOptionNames = namesOf<TokenizerTrainingOptions>({
  type: true,
  texts: true,
  vocabSize: true,
  minFrequency: true,
  limitAlphabet: true,
  specialTokens: true,
  lowercase: true,
  stripAccents: true,
  tokenizeChineseChars: true,
  onProgress: true,
});

/** What ends a text for a model that writes texts. */
export const endOfText = '<|endoftext|>';

const defaults = {
  wordpiece: {
    vocabSize: 30_000,
    minFrequency: 2,
    limitAlphabet: 1000,
    specialTokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
    lowercase: true,
    stripAccents: null,
    tokenizeChineseChars: true,
  },
  bpe: { vocabSize: 30_000, minFrequency: 2, specialTokens: [endOfText] },
  char: {
    vocabSize: Number.POSITIVE_INFINITY,
    limitAlphabet: Number.POSITIVE_INFINITY,
    specialTokens: ['[UNK]', endOfText],
  },
} satisfies Record<TokenizerType, Partial<TokenizerTrainingOptions>>;

/** Special tokens without which a kind of tokenizer cannot do. */
const needed: Record<TokenizerType, readonly string[]> = {
  wordpiece: ['[UNK]', '[CLS]', '[SEP]'],
  bpe: [],
  char: ['[UNK]'],
};

const names = [
  'vocabSize',
  'minFrequency',
  'limitAlphabet',
  'specialTokens',
  'lowercase',
  'stripAccents',
  'tokenizeChineseChars',
] as const;

/** The options with their defaults; those that the type has no use for have no effect. */
export interface TokenizerTrainingSettings {
  readonly type: TokenizerType;
  readonly vocabSize: number;
  readonly minFrequency: number;
  readonly limitAlphabet: number;
  readonly specialTokens: readonly string[];
  readonly lowercase: boolean;
  readonly stripAccents: boolean | null;
  readonly tokenizeChineseChars: boolean;
}

/**
 * Fills the defaults in.
 *
 * @throws UserError for an option that the type does not have, or a value that cannot be
 */
export function tokenizerTrainingSettings(options: TokenizerTrainingOptions): TokenizerTrainingSettings {
  const { type } = options;
  if (!Object.hasOwn(defaults, type)) {
    throw new UserError(`type is ${JSON.stringify(type)}; expected wordpiece, bpe or char`);
  }
  const usual: Partial<TokenizerTrainingOptions> = defaults[type];
  const given = names.filter((name) => options[name] !== undefined);
  const strange = given.find((name) => !(name in usual));
  if (strange) throw new UserError(`${strange} means nothing to a tokenizer of type ${type}; leave it out`);
  const values = Object.fromEntries(given.map((name) => [name, options[name]]));
  const settings: TokenizerTrainingSettings = { ...defaults.wordpiece, ...defaults[type], type, ...values };
  checkNumbers(settings);
  checkSpecialTokens(type, settings.specialTokens);
  if (type === 'bpe') checkRoomForBytes(settings);
  return settings;
}

function checkNumbers(settings: TokenizerTrainingSettings): void {
  for (const name of ['vocabSize', 'minFrequency', 'limitAlphabet'] as const) {
    const value = settings[name];
    if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 1)) continue;
    throw new UserError(`${name} is ${value}; a whole number from 1 was expected`);
  }
}

function checkRoomForBytes({ vocabSize, specialTokens }: TokenizerTrainingSettings): void {
  const least = 256 + specialTokens.length;
  if (vocabSize >= least) return;
  throw new UserError(
    `a vocabulary of ${vocabSize} tokens has no room for 256 bytes and ${specialTokens.length} special tokens. Raise the ` +
      `vocabulary size (\`vocabSize\`) to more than ${least}.`,
  );
}

function checkSpecialTokens(type: TokenizerType, tokens: readonly string[]): void {
  const missing = needed[type].filter((token) => !tokens.includes(token));
  if (missing.length > 0) {
    throw new UserError(
      `specialTokens lacks ${missing.join(', ')}, without which there is no tokenizer of type ${type}`,
    );
  }
  const wrong = tokens.find((token, index) => token === '' || /[\r\n]/.test(token) || tokens.indexOf(token) !== index);
  if (wrong === undefined) return;
  throw new UserError(
    `specialTokens has ${JSON.stringify(wrong)}, which is empty, has a line break or is there twice; each must be a token ` +
      'of its own',
  );
}
