/** @file Texts that hold on to no longer ones. */

/**
 * The same text by itself. JavaScript engines keep what is cut out of a text as a reference into it, so that a label
 * remembered keeps the whole piece of the file in memory. Joined anew, it does not.
 *
 * @example
 * const labels = new Set<string>();
 * labels.add(flattenString(line.slice(line.indexOf('\t') + 1)));
 */
export const flattenString = (text: string): string => text.split('').join('');
