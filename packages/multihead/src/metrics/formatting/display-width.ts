/** @file How many columns of a terminal a text takes. */

const graphemes = new Intl.Segmenter();
const wide =
  /^(?:[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Emoji_Presentation}]|.\ufe0f)/u;
const invisible = /^[\p{Control}\p{Format}\p{Mark}]/u;

/**
 * The number of terminal columns that a text takes: two for each full-width character and each emoji, none for what
 * is invisible or combines with the character before it.
 *
 * @example
 * displayWidth('好评 ok')   // 7
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1;
  return width;
}
