/** @file The form in which SQuAD compares answers, as Python's strings would make it. */

// Python and JavaScript lower-case alike, but differ in what is white space and in what a word is made of.
/** Python's `string.punctuation`: the punctuation of ASCII, and no other. */
const punctuation = /[!-/:-@[-`{-~]/g;
/** Python's `str.isspace`: unlike `\s` it has U+001C to U+001F and U+0085, and lacks U+FEFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const whitespace = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
/** Between Python's word characters, which are those of every script, `\b` finds no boundary. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * An answer as the official SQuAD v1.1 evaluation compares it: in lower case, without ASCII punctuation, without the
 * articles a, an and the, and with single spaces between words.
 *
 * @example
 * normalizeAnswer('  The "Big Apple", a city.')   // 'big apple city'
 */
export function normalizeAnswer(answer: string): string {
  return answerTokens(answer).join(' ');
}

/** The words of a normalized answer. */
export function answerTokens(answer: string): string[] {
  return answer
    .toLowerCase()
    .replace(punctuation, '')
    .replace(articles, ' ')
    .split(whitespace)
    .filter((token) => token !== '');
}
