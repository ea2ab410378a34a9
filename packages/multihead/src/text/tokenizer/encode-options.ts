/** @file What may be asked of a tokenizer. */
import { namesOf } from '../../platform/option-names.js';
import type { Truncation } from './truncation.js';

/** A text, or two that belong together. */
export type TextInput = string | readonly [text: string, pair: string];

/** How texts are encoded. */
export interface EncodeOptions {
  /** Whether [CLS], [SEP] and their like are added. Default: true. */
  readonly addSpecialTokens?: boolean;
  /** The most tokens, special ones included. Longer texts are cut. Default: no limit. */
  readonly maxLength?: number | undefined;
  /** Which text of a pair is cut. Default: `longest_first`. */
  readonly truncation?: Truncation;
}

export const encodeOptionNames = namesOf<EncodeOptions>({ addSpecialTokens: true, maxLength: true, truncation: true });

/** How long texts are cut into windows. */
export interface WindowOptions {
  /** The most tokens of a window, special ones included. */
  readonly maxLength: number;
  /** Tokens by which neighbouring windows overlap. */
  readonly stride: number;
  /** Which text is cut into windows. Default: the second of a pair, the first where it is alone. */
  readonly truncation?: 'only_first' | 'only_second' | undefined;
}

export const windowOptionNames = namesOf<WindowOptions>({ maxLength: true, stride: true, truncation: true });

/** Those of windows over words. */
export const wordOptionNames = windowOptionNames.filter((name) => name !== 'truncation');

/** How token numbers become text. */
export interface DecodeOptions {
  /** Whether [CLS], [SEP] and their like are left out. Default: true. */
  readonly skipSpecialTokens?: boolean;
  /** Whether spaces before punctuation are taken away. Default: as tokenizer_config.json says, else false. */
  readonly cleanUpTokenizationSpaces?: boolean;
}

export const decodeOptionNames = namesOf<DecodeOptions>({ skipSpecialTokens: true, cleanUpTokenizationSpaces: true });
