/** @file Warnings of corpus readers, counted and reported once per file. */
import { convertAdvice } from '../../platform/bytes/text-encoding.js';

/** A warning about a file of a corpus. */
export interface CorpusNote {
  readonly path: string;
  readonly problem: 'no-text' | 'invalid-utf8' | 'nul-characters' | 'empty-rows' | 'cut-documents';
  /** Number of occurrences; 1 for a file without text. */
  readonly count: number;
}

const inWords: Record<CorpusNote['problem'], (count: string) => string> = {
  'no-text': () => 'holds no text; it is skipped',
  'invalid-utf8': (count) => `${count} sequences of bytes that are not UTF-8 were read as U+FFFD. ${convertAdvice}`,
  'nul-characters': (count) => `${count} NUL characters were read as they are`,
  'empty-rows': (count) => `${count} rows without text were skipped`,
  'cut-documents': (count) => `${count} cuts were made in documents that are too long`,
};

/**
 * Formats a warning as a line of text.
 *
 * @example
 * describeNote({ path: 'a.txt', problem: 'nul-characters', count: 3 })   // 'a.txt: 3 NUL characters were read as ...'
 */
export const describeNote = ({ path, problem, count }: CorpusNote): string =>
  `${path}: ${inWords[problem](count.toLocaleString('en'))}`;
