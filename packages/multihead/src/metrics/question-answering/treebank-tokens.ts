/**
 * @file Words as the Penn Treebank parts them (MacIntyre's rules of 1995, which NLTK's word_tokenize follows): punctuation apart
 * from words, `can't` as `ca` and `n't`.
 */

/** Applied one after the other; each sets blanks around what is a token of its own. */
const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Opening quotes.
  [/([«“‘„]|[`]+)/gu, ' $1 '],
  [/^"/g, '`` '],
  [/(``)/g, ' $1 '],
  [/([ ([{<])("|'{2})/g, '$1 `` '],
  [/(?<=\s|^)(')(?!re|ve|ll|m|t|s|d|n)(\w)\b/gu, '$1 $2'],
  // Punctuation. A comma or colon in a number belongs to it.
  [/([^.])(\.)([\])}>"'»”’ ]*)\s*$/gu, '$1 $2 $3 '],
  [/([:,])(\D)/g, ' $1 $2'],
  [/([:,])$/g, ' $1 '],
  [/\.{2,}/gu, ' $& '],
  [/[;@#$%&]/g, ' $& '],
  [/([^.])(\.)([\])}>"']*)\s*$/g, '$1 $2$3 '],
  [/[?!]/g, ' $& '],
  [/([^'])' /g, "$1 ' "],
  [/[*]/gu, ' $& '],
  [/[\][(){}<>]/g, ' $& '],
  [/--/g, ' -- '],
];

/** After a blank was set before and behind the text. */
const endings: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/([»”’])/gu, ' $1 '],
  [/''/g, " '' "],
  [/"/g, " '' "],
  [/\s+/g, ' '],
  [/([^' ])('[sS]|'[mM]|'[dD]|') /g, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /g, '$1 $2 '],
  [/\b(can)(not)\b/gi, ' $1 $2 '],
  [/\b(d)('ye)\b/gi, ' $1 $2 '],
  [/\b(gim|lem)(me)\b/gi, ' $1 $2 '],
  [/\b(gon|wan)(na)\b(?=\s)/gi, ' $1 $2 '],
  [/\b(got)(ta)\b/gi, ' $1 $2 '],
  [/\b(more)('n)\b/gi, ' $1 $2 '],
  [/ ('t)(is|was)\b/gi, ' $1 $2 '],
];

/**
 * The tokens of a text of one sentence.
 *
 * @example
 * treebankTokens("it can't be 1,200 km.")   // ['it', 'ca', "n't", 'be', '1,200', 'km', '.']
 */
export function treebankTokens(text: string): string[] {
  const apply = (from: string, those: typeof rules) =>
    those.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), from);
  const parted = apply(` ${apply(text, rules)} `, endings);
  return parted.split(/\s+/).filter((token) => token !== '');
}
