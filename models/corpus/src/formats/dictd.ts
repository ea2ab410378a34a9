/** @file The dictionaries of dictd: an index (headword, offset, length in base 64) over a gzipped text. */
import { gunzipSync } from 'node:zlib';
import { joinLines } from '../document.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** One entry: its headword and its text as it stands in the dictionary. */
export interface DictionaryEntry {
  readonly headword: string;
  readonly text: string;
}

/**
 * The entries in the order of the text; of several headwords for one text the first is kept. The entries about the
 * dictionary itself (`00-database-...`) are left out.
 */
export function readDictd(index: string, compressed: Uint8Array): DictionaryEntry[] {
  const text = gunzipSync(compressed);
  const entries = new Map<number, DictionaryEntry>();
  for (const line of index.split('\n')) {
    const [headword = '', offset = '', length = ''] = line.split('\t');
    if (headword === '' || headword.startsWith('00')) continue;
    const start = number(offset);
    if (entries.has(start)) continue;
    entries.set(start, { headword, text: text.subarray(start, start + number(length)).toString('utf8') });
  }
  return [...entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function number(digits: string): number {
  let value = 0;
  for (const digit of digits) value = value * 64 + DIGITS.indexOf(digit);
  return value;
}

/**
 * The definitions of an entry as running text, each behind the headword: without pronunciation, etymology in brackets,
 * marks of the source, cross-reference braces and dates.
 *
 * @example
 * definitions({ headword: 'abditory', text: 'Abditory \\Ab"di*to*ry\\, n.\n   A place for hiding.\n   [1913 Webster]' });
 * // ['Abditory: A place for hiding.']
 */
export function definitions({ headword, text }: DictionaryEntry): string[] {
  const [, ...rest] = text.trimEnd().split('\n'); // the first line holds headword, pronunciation and part of speech
  const body = rest
    .join('\n')
    .replace(/^\S.*$/gm, '') // further headwords
    .replace(/^\s*\/[^/\n]*\/.*$/gm, '') // a line of pronunciation
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\\[^\\\n]*\\/g, '')
    .replace(/<[^>\n]*>/g, '')
    .replace(/\(\d{4}-\d{2}-\d{2}\)/g, '')
    .replace(/\{([^}]*)\}/g, '$1');
  return body
    .split(/\n\s*\n/)
    .map((paragraph) =>
      joinLines(paragraph)
        .replace(/^(?:\d+|\([a-z]\))\.? /, '')
        .replace(/\s*--\s?[A-Z][\w. '&]*\.?$/, ''),
    )
    .filter((paragraph) => /\w/.test(paragraph))
    .map((paragraph, position) => (position === 0 ? `${capitalized(headword)}: ${paragraph}` : paragraph));
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
