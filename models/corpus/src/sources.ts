/** @file The sources of the corpus: what is known of each. models/CORPUS.md says the same for people. */
import type { Language } from './clean.js';
import type { Origin } from './origins.js';
import type { Reader } from './readers.js';
import { ENGLISH_SOURCES } from './sources-en.js';
import { CHINESE_SOURCES } from './sources-zh.js';

/** What a source's text is like; a reader of the sizes sees at once what swamps what. */
export type Kind = 'narrative' | 'prose' | 'dictionary' | 'manual' | 'sentences' | 'poetry';

/** One source: one file of the corpus. */
export interface Source {
  /** Name of the corpus file, without `.txt`. */
  readonly name: string;
  /** Where it comes from: packages, or a folder of the shared data. */
  readonly from: Origin;
  readonly language: Language;
  readonly kind: Kind;
  /** As the package states it. */
  readonly licence: string;
  readonly read: Reader;
  /** Least length of a paragraph where the language's usual one does not suit (words, or Chinese characters). */
  readonly least?: number;
  /** About as many characters are kept, where the source would swamp others. */
  readonly limit?: number;
  /** Why the source is left out unless asked for by name. */
  readonly leftOut?: string;
}

/** In this order duplicates are decided: the first source keeps a paragraph. */
export const SOURCES: readonly Source[] = [...ENGLISH_SOURCES, ...CHINESE_SOURCES];
