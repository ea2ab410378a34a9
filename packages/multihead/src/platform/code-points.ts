/**
 * @file Places in texts, in two units: files count code points, as Python and SQuAD's `answer_start` do; JavaScript counts
 * UTF-16 units. They differ where a text has emoji and other characters beyond U+FFFF.
 */

const astral = /[\u{10000}-\u{10ffff}]/u;

/** The UTF-16 index of the code point with this number; indices past the text continue to count. */
export function utf16Index(text: string, codePoints: number): number {
  if (!astral.test(text)) return codePoints;
  let index = 0;
  let passed = 0;
  for (; passed < codePoints && index < text.length; passed++) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index + codePoints - passed;
}

/** The number of the code point at a UTF-16 index; numbers past the text continue to count. */
export function codePointIndex(text: string, index: number): number {
  if (index <= 0) return index;
  let pairs = 0;
  for (const pair of text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) {
    if (pair.index >= index) break;
    pairs++;
  }
  return index - pairs;
}
