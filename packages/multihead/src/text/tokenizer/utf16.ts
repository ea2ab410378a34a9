/** @file Places in a text: Rust and Python count code points, JavaScript counts UTF-16 units. */
import type { Span } from '../backends/backend.js';

/**
 * Turns places in code points into places in UTF-16 units. The two differ behind characters beyond U+FFFF, such as
 * most emoji, which are one code point and two units.
 *
 * @param spans stretches of the text in code points
 * @returns the same stretches for `text.slice`
 * @example
 * utf16Spans('😀 ok', [[2, 4]])   // [[3, 5]]
 */
export function utf16Spans(text: string, spans: readonly Span[]): readonly Span[] {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return spans;
  const indices: number[] = []; // of each code point, and of the end
  let index = 0;
  for (const character of text) {
    indices.push(index);
    index += character.length;
  }
  indices.push(index);
  return spans.map(([start, end]): Span => [indices[start] as number, indices[end] as number]);
}
