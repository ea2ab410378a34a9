/** @file Finds added tokens, such as [MASK], where they are written out in a text. */
import type { AddedToken } from '../backend.js';

/** A piece of a text, [start, end) in UTF-16 units: an added token, or text between them. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
  readonly token?: AddedToken;
}

/** Splits a text at added tokens. */
export type AddedTokenSplitter = (text: string) => TextPiece[];

/**
 * Makes a splitter. Of tokens that begin at one place the longest counts, as in Hugging Face's AddedVocabulary.
 *
 * @param tokens  what is looked for
 * @param written how a token is written in the texts; the token's content where they are as the user gave them
 * @example
 * const mask = { id: 103, content: '[MASK]' };
 * splitterAt([mask])('a [MASK]')   // [{ start: 0, end: 2 }, { start: 2, end: 8, token: mask }]
 */
export function splitterAt(
  tokens: readonly AddedToken[],
  written: (content: string) => string = (content) => content,
): AddedTokenSplitter {
  const byText = new Map(tokens.map((token) => [written(token.content), token]));
  byText.delete('');
  const alternatives = [...byText.keys()].sort((a, b) => b.length - a.length).map(literally);
  if (alternatives.length === 0) return (text) => (text === '' ? [] : [{ start: 0, end: text.length }]);
  const pattern = new RegExp(alternatives.join('|'), 'gu');
  return (text) => {
    const pieces: TextPiece[] = [];
    let done = 0;
    for (const match of text.matchAll(pattern)) {
      const token = byText.get(match[0]) as AddedToken;
      const place = extent(text, match.index, match.index + match[0].length, token);
      if (!place) continue;
      const start = Math.max(place.start, done);
      if (start > done) pieces.push({ start: done, end: start });
      pieces.push({ start, end: place.end, token });
      done = place.end;
    }
    if (done < text.length) pieces.push({ start: done, end: text.length });
    return pieces;
  };
}

/** A token's place with the white space that it takes; undefined inside a word, where the token must be a word. */
function extent(text: string, start: number, end: number, { single_word, lstrip, rstrip }: AddedToken) {
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (single_word && (endsInWord.test(before) || beginsInWord.test(after))) return undefined;
  return {
    start: lstrip ? before.search(spaceAtEnd) : start,
    end: rstrip ? text.length - after.replace(spaceAtStart, '').length : end,
  };
}

// As the Rust library's regular expressions understand \s and \w.
const spaceAtEnd = /\p{White_Space}*$/u;
const spaceAtStart = /^\p{White_Space}*/u;
// Looked behind: beyond U+FFFF, [...]$ matches nothing in V8 14.6 (Node 26.10).
const endsInWord = /(?<=[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])$/u;
const beginsInWord = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** A regular expression that matches the text. */
const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
