/** @file Splits a text into words, as in data sets of named entities. */

const ends = /^(\p{P}|\p{S})+|(\p{P}|\p{S})+$/gu;
const wide = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u;

/**
 * Splits a text into words at spaces, and separates surrounding punctuation. Punctuation within words is kept (`U.S`,
 * `don't`, `e-mail`), and so do the signs of names and topics (`@anna`, `#news`). Each Chinese or Japanese character is
 * a word.
 *
 * @example
 * splitWords('Anna (of "Acme") moved to 上海!')
 * // ['Anna', '(', 'of', '"', 'Acme', '"', ')', 'moved', 'to', '上', '海', '!']
 */
export function splitWords(text: string): string[] {
  return text.split(/\s+/u).flatMap((chunk) => chunk.split(wide).flatMap(withoutEnds));
}

function withoutEnds(chunk: string): string[] {
  if (chunk === '') return [];
  const name = /^[@#][\p{L}\p{N}_]+/u.exec(chunk)?.[0];
  if (name) return [name, ...withoutEnds(chunk.slice(name.length))];
  const inner = chunk.replace(ends, '');
  const start = inner === '' ? chunk.length : chunk.indexOf(inner);
  const [before, behind] = [chunk.slice(0, start), chunk.slice(start + inner.length)];
  return [...before, ...(inner === '' ? [] : [inner]), ...behind];
}
