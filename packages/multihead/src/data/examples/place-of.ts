/** @file Where an example stands, as errors say it. */

/**
 * The place of an example: its line, if it comes from a file, else its number, from 0.
 *
 * @example
 * placeOf({ line: 7 }, 3)   // 'line 7'
 * placeOf({}, 3)            // 'example 3'
 */
export const placeOf = ({ line }: { readonly line?: number | undefined }, index: number): string =>
  line === undefined ? `example ${index}` : `line ${line}`;
