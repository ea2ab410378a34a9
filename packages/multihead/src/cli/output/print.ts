/**
 * @file What is printed for people. Texts, labels and file names come from outside: on a terminal their control characters
 * could move the cursor, set the clipboard or turn the line around, so there they are shown instead of sent. Into pipes and
 * files everything goes as it is.
 */

/** C0 and C1 but for line ends and tabs; marks, embeddings, overrides and isolates of the writing direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/**
 * A text with its control and bidirectional characters made visible.
 *
 * @example
 * visible('a\u001B[2Jb') // 'a\\u001b[2Jb'
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A text as a stream should get it: visible on a terminal, as it is elsewhere. */
export const forStream = (text: string, { isTTY = false }: { isTTY?: boolean }): string =>
  isTTY ? visible(text) : text;

/** Prints a line to standard output. */
export const print = (text: string): void => console.log(forStream(text, process.stdout));

/** Prints a line to standard error. */
export const printNote = (text: string): void => console.error(forStream(text, process.stderr));
