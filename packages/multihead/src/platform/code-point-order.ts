/** @file The order of strings by code points: Python's, and the same everywhere. */

/**
 * Compares strings as Python's `sorted` does. JavaScript compares UTF-16 units, whose order differs above U+FFFF.
 *
 * @example
 * ['\u{1f600}', '\uff21'].sort(compareCodePoints)   // ['\uff21', '\u{1f600}']
 */
export function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const index = left.findIndex((character, at) => character !== right[at]);
  if (index === -1) return left.length - right.length;
  return (left[index]?.codePointAt(0) ?? -1) - (right[index]?.codePointAt(0) ?? -1);
}
