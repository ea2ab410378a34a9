/** @file Texts on which a tokenizer that can hang or abort is likely to do so. */

/** Printable ASCII, white space, and letters of some scripts and lengths in UTF-8. */
const usual = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  ...'\n\t\r\u0000\u00a0éß中あก한\u0301\u200d\ufeff😀',
];
/** Pieces of which the words are made that rules with alternatives stumble over. */
const mixed = ['ab', 'a ', ' a', 'a1', '1,', 'a\n', ' \n', "a'", '. ', 'aA', 'éa', '中a'];

/** What a regular expression that fails at its end tries all ways for: 2^40 of them, if it is an exponential one. */
const short = 40;
/** A cubic rule takes billions of steps for so many units. */
const long = 1500;
/** A character that rules rarely have. */
const ending = '\u0001';

/** Characters of a text in which every one comes once. */
const sweepLength = 512;

/**
 * Repetitions of single characters, of pairs, and of what the tokenizer's own rules name, each with an ending that breaks
 * them; and every character of the basic plane once, as a charsmap may be damaged at any of them.
 *
 * @param patterns the regular expressions and texts that the tokenizer looks for
 */
export function probeTexts(patterns: readonly string[]): string[] {
  const named = patterns.flatMap(unitsOf);
  // A rule that needs a character further on is not even tried on texts without it.
  const tail = ending + [...new Set(named)].slice(0, mostInTail).join('');
  const texts = [''];
  for (const unit of new Set([...usual, ...mixed, ...named])) {
    texts.push(unit.repeat(short) + tail, unit.repeat(long) + tail);
  }
  for (let start = 0; start < 0x10000; start += sweepLength) {
    const codes = Array.from({ length: sweepLength }, (_, i) => start + i).filter((c) => c < 0xd800 || c > 0xdfff);
    texts.push(String.fromCodePoint(...codes));
  }
  for (let code = 0x10000; code < 0x20000; code += 16 * sweepLength) {
    texts.push(String.fromCodePoint(...Array.from({ length: sweepLength }, (_, i) => code + 16 * i)));
  }
  return texts;
}

const mostInTail = 100;
/** In UTF-16 units: of a rule as long as a book, the beginning. */
const mostOfPattern = 1000;

/** The characters and words that a rule names. */
function unitsOf(pattern: string): string[] {
  const beginning = pattern.slice(0, mostOfPattern);
  const words = beginning.match(/[^\\()[\]{}|*+?.^$]{2,16}/gu) ?? [];
  return [...new Set([...beginning, ...words])].slice(0, 64);
}

/** The patterns anywhere in a part of tokenizer.json: `{ "Regex": ... }` and `{ "String": ... }`. */
export function patternsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? (key === 'Regex' || key === 'String' ? [value] : []) : patternsIn(value),
  );
}
