/** @file Options of tokenizers. */
import { namesOf } from '../../platform/option-names.js';
import type { Truncation } from './truncation.js';

/** A text, or two that belong together. */
export type TextInput = string | readonly [text: string, pair: string];

/** Options for encoding texts. */
export interface EncodeOptions {
  /** Whether to add special tokens such as [CLS] and [SEP]. Default: true. */
  readonly addSpecialTokens?: boolean;
  /** Maximum number of tokens, including special tokens, to which texts are truncated. Default: no limit. */
  readonly maxLength?: number | undefined;
  /** Which text of a pair is truncated. Default: `longest_first`. */
  readonly truncation?: Truncation;
}

export const encodeOptionNames = namesOf<EncodeOptions>({ addSpecialTokens: true, maxLength: true, truncation: true });

/** Options for cutting long texts into windows. */
export interface WindowOptions {
  /** Maximum number of tokens of a window, including special tokens. */
  readonly maxLength: number;
  /** Overlap of adjacent windows, in tokens. */
  readonly stride: number;
  /** Which text is cut into windows. Default: the second of a pair, or a single text. */
  readonly truncation?: 'only_first' | 'only_second' | undefined;
}

export const windowOptionNames = namesOf<WindowOptions>({ maxLength: true, stride: true, truncation: true });

/** Those of windows over words. */
export const wordOptionNames = windowOptionNames.filter((name) => name !== 'truncation');

/** Options for decoding token ids. */
export interface DecodeOptions {
  /** Whether to omit special tokens such as [CLS] and [SEP]. Default: true. */
  readonly skipSpecialTokens?: boolean;
  /** Whether to remove spaces before punctuation. Default: that of tokenizer_config.json, else false. */
  readonly cleanUpTokenizationSpaces?: boolean;
}

export const decodeOptionNames = namesOf<DecodeOptions>({ skipSpecialTokens: true, cleanUpTokenizationSpaces: true });
