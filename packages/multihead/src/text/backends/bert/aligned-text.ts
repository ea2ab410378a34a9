/** @file A text that was changed on the way to the model, and still knows where each piece of it came from. */
import type { Span } from '../backend.js';

/** A text in which every UTF-16 unit knows the stretch of the original text that it was made of. */
export interface AlignedText {
  readonly text: string;
  /** One a unit of `text`: the character of the original, [start, end). */
  readonly origins: readonly Span[];
}

/**
 * A text before any change: each character is made of itself.
 *
 * @param start where the text stands in a larger one, whose places are to be told
 */
export function alignedText(text: string, start = 0): AlignedText {
  const origins: Span[] = [];
  for (const character of text) {
    const from = start + origins.length;
    const origin: Span = [from, from + character.length];
    for (let unit = 0; unit < character.length; unit++) origins.push(origin);
  }
  return { text, origins };
}

/**
 * Replaces each character (code point) by none, one or several, all of which come from where it came from.
 *
 * @example
 * replaceCharacters(alignedText('aß'), (c) => (c === 'ß' ? 'ss' : c))   // 'ass'; origins [0, 1], [1, 2], [1, 2]
 */
export function replaceCharacters(
  { text, origins }: AlignedText,
  replacement: (character: string) => string,
): AlignedText {
  const parts: string[] = [];
  const places: Span[] = [];
  let index = 0;
  for (const character of text) {
    const part = replacement(character);
    parts.push(part);
    for (let unit = 0; unit < part.length; unit++) places.push(origins[index] as Span);
    index += character.length;
  }
  return { text: parts.join(''), origins: places };
}

/** Cuts the units [start, end) out. */
export const sliceAligned = ({ text, origins }: AlignedText, start: number, end: number): AlignedText => ({
  text: text.slice(start, end),
  origins: origins.slice(start, end),
});

/** The stretch of the original text that the units [start, end) were made of; at least one unit. */
export const originOf = ({ origins }: AlignedText, start: number, end: number): Span => [
  (origins[start] as Span)[0],
  (origins[end - 1] as Span)[1],
];
