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

/** A part of speech behind a headword, as GCIDE and the Jargon File write it: `, n.`, `, v. t.`, ` adj.` */
const PART_OF_SPEECH =
  /^[^\n]*?(?:^|[\s,])(?:(?:n|a|adj|adv|v|vt|vi|prep|pron|interj|conj|pl|imp|p|t|i|vb|obs)\. ?)+(?:,|;|&)?\s*/;

/**
 * The definitions of an entry as running text, the first behind the headword: without pronunciation, part of speech,
 * etymology in brackets, marks of the source, cross-reference braces and dates.
 *
 * @example
 * definitions({ headword: 'abditory', text: 'Abditory \\Ab"di*to*ry\\, n.\n   A place for hiding.\n   [1913 Webster]' });
 * // ['Abditory: A place for hiding.']
 */
export function definitions({ headword, text }: DictionaryEntry): string[] {
  const body = withoutBrackets(text)
    .replace(/\\[^\\\n]*\\/g, '')
    .replace(/^\s*\/[^/\n]*\/(?:\s*[a-z]+\.)*/gm, '')
    .replace(/<[^>\n]*>/g, '')
    .replace(/\(\d{4}-\d{2}-\d{2}\)/g, '')
    .replace(/\{([^}]*)\}/g, '$1')
    .replace(/^\S.*$/gm, (line) => (PART_OF_SPEECH.test(line) ? line.replace(PART_OF_SPEECH, ' ') : ''));
  return body
    .split(/\n\s*\n/)
    .map((paragraph) =>
      joinLines(paragraph)
        .replace(PART_OF_SPEECH_ALONE, '')
        .replace(/^(?:\d+|\([a-z]\))\.? /, '')
        .replace(/^\/[^/]*\/ /, '')
        .replace(/\s*--\s?[A-Z][\w. '&]*\.?$/, ''),
    )
    .filter((paragraph) => /\w/.test(paragraph))
    .map((paragraph, position) => (position === 0 ? `${capitalized(headword)}: ${paragraph}` : paragraph));
}

const PART_OF_SPEECH_ALONE = /^(?:(?:n|a|adj|adv|v|vt|vi|prep|pron|interj|conj)\.,? ?)+/;

/** Without brackets and what they hold, from the innermost outwards. */
function withoutBrackets(text: string): string {
  const shorter = text.replace(/\[[^[\]]*\]/g, '');
  return shorter === text ? text : withoutBrackets(shorter);
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
